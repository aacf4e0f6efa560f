"""What is left to the slow share is not left out."""

from itertools import combinations, product

import pytest

from covering import covering, crossed

FACTORS = [("a", "b"), (1, 2, 3), ("x", "y"), (True, False)]


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_any_so_many_values_meet_in_few_cases(strength):
    found = covering(*FACTORS, strength=strength)
    for places in combinations(range(len(FACTORS)), strength):
        met = {tuple(case[k] for k in places) for case in found}
        assert met == set(product(*(FACTORS[k] for k in places)))
    assert len(found) == len(set(found)) < 24 == len(list(product(*FACTORS)))


def test_any_two_of_three_choices_meet_in_four_cases():
    assert len(covering("ab", "cd", "ef")) == 4


def test_values_take_turns():
    languages = [case[1] for case in covering(range(12), ("en", "ru"), strength=1)]
    assert languages.count("en") == languages.count("ru") == 6


def test_every_case_is_tried_by_one_of_the_two_commands():
    cases = crossed(*FACTORS)
    slow = [case.values for case in cases if hasattr(case, "marks")]
    assert all(mark.name == "slow" for case in cases if hasattr(case, "marks") for mark in case.marks)
    at_once = [case for case in cases if not hasattr(case, "marks")]
    assert sorted(slow + at_once) == sorted(product(*FACTORS))
    assert sorted(at_once) == sorted(covering(*FACTORS))
