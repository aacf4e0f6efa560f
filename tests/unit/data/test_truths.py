"""Which word says yes."""

import pytest

from soloneuron.data.truths import OUTCOME_PAIRS, TRUTH_PAIRS, affirmative, truth_pair


@pytest.mark.parametrize(("no", "yes"), [*TRUTH_PAIRS, *OUTCOME_PAIRS])
@pytest.mark.parametrize("spelled", [str, str.upper, str.title])
def test_of_a_known_pair_the_affirmative_is_found_in_any_order_and_case(no, yes, spelled):
    assert affirmative(spelled(no), yes) == yes
    assert affirmative(spelled(yes), spelled(no)) == spelled(yes)


@pytest.mark.parametrize(
    ("one", "other", "yes"),
    [
        ("sick", "not sick", "sick"),
        ("churned", "not_churned", "churned"),
        ("сдал", "не сдал", "сдал"),
        ("инфаркт", "без инфаркт", "инфаркт"),
        ("active", "inactive", "active"),
        ("верно", "неверно", "верно"),
        ("yes", "maybe", "yes"),
        ("disease", "no", "disease"),
        ("none", "some", "some"),
        ("болен", "нет", "болен"),
        ("cat", "dog", None),
        ("f", "m", None),
        ("a", "ina", None),
        ("benign", "malignant", None),
    ],
)
def test_a_denied_word_means_the_other(one, other, yes):
    assert affirmative(one, other) == affirmative(other, one) == yes


def test_words_of_two_pairs_or_of_none_are_no_truths():
    assert truth_pair([]) is None
    assert truth_pair(["yes", "нет"]) is None
    assert truth_pair(["yes", "no", "maybe"]) is None
    assert truth_pair(["YES"]) == ("no", "yes")
