"""The study on somebody's own rows: what is done to them, what is asked, what is not and why."""

import math
import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib import resources

import pytest
import torch

from soloneuron.data.seeding import generator_for
from soloneuron.data.synthetic import (
    make_blobs,
    make_correlated,
    make_duplicates,
    make_gross_outliers,
    make_imbalanced,
    make_narrow_gap,
    make_rare_feature,
    make_stretched,
)
from soloneuron.errors import InputError
from soloneuron.experiments.base import OnRows, name_list, short_name
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.gross_outliers import GrossOutliers
from soloneuron.experiments.measuring import count_phrase
from soloneuron.experiments.noisy_labels import flip_labels
from soloneuron.experiments.own_data import own_data, refused
from soloneuron.experiments.own_rows import LARGEST_COLUMN, LEAST_CHANGE, SMALLEST_COLUMN
from soloneuron.experiments.rare_features import sparse
from soloneuron.experiments.saturated import Saturated
from soloneuron.records.dataset import Dataset
from soloneuron.texts import LANGUAGES
from study_runs import check_repeatable
from study_sizes import small_own

NEVER = {"assignment", "saddle", "plateau", "rosenbrock", "heavy_tails"}
"""Questions that no rows can be asked."""

ROWS = {
    "clouds": lambda: make_blobs(120, seed=0),
    "wide": lambda: make_stretched(150, seed=0, factor=50.0, distance=2.0),
    "clean": lambda: make_gross_outliers(200, seed=0, count=0),
    "alike": lambda: make_correlated(150, seed=0),
    "apart": lambda: make_narrow_gap(80, seed=0),
    "rare class": lambda: make_imbalanced(400, seed=0, share=0.1),
    "rare feature": lambda: make_rare_feature(800, seed=0),
    "repeated": lambda: make_duplicates(600, seed=0, different=20),
}


@cache
def own(kind):
    return own_data(ROWS[kind]())


@cache
def found(name, kind):
    return small_own(name, own(kind)).run()


def claims(name, kind):
    numbers = found(name, kind).numbers
    return {verdict.claim: verdict.holds for verdict in EXPERIMENTS.load(name).conclude(numbers)}


# What is done to the rows.


def dataset(X, y):
    return Dataset(X, y.double(), tuple(f"c{j}" for j in range(X.shape[1])), label_name="y")


def normal(rows, columns):
    return torch.randn(rows, columns, generator=generator_for(1), dtype=torch.float64)


XOR = torch.tensor([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=torch.float64)


def noted(rows):
    return [note.key.rpartition(".")[2] for note in rows.notes]


def test_every_column_is_standardized_and_the_rows_as_they_came_are_kept():
    data = ROWS["wide"]()
    rows = own_data(data)
    assert torch.equal(rows.raw.features, data.features)
    torch.testing.assert_close(rows.even.features.mean(0), torch.zeros(2, dtype=torch.float64))
    torch.testing.assert_close(rows.even.features.std(0, correction=0), torch.ones(2, dtype=torch.float64))


def test_rows_with_an_optimum_get_no_penalty():
    assert own("clouds").penalty is None
    assert noted(own("clouds")) == ["standardized"]


def test_a_penalty_is_added_and_told_where_there_is_no_optimum():
    X, y = normal(60, 2), torch.arange(60) % 2
    double = own_data(dataset(torch.cat([X, X[:, :1] + X[:, 1:]], 1), y))
    for rows, note in ((own("apart"), "held_apart"), (double, "held_collinear")):
        assert noted(rows)[-1] == note
        assert all(f"{rows.penalty.strength:g}" in rows.notes[-1].say(language) for language in LANGUAGES)


def test_a_line_that_parts_the_classes_is_seen_in_hundreds_of_columns():
    X = normal(600, 200)
    rows = own_data(dataset(X, X[:, 0] > 0))
    assert noted(rows)[-1] == "held_apart"
    assert "separable" not in refused(rows)


def test_a_column_that_never_changes_is_left_out_by_name():
    rows = own_data(dataset(torch.cat([normal(60, 1), torch.ones(60, 1)], 1), torch.arange(60) % 2))
    assert rows.even.feature_names == ("c0",)
    assert rows.notes[1].say("en") == "Left out, because it never changes: c1."


def test_a_column_that_changes_outside_the_sample_only_is_not_said_never_to_change():
    numbered = torch.arange(3000, dtype=torch.float64)[:, None]
    data = dataset(torch.cat([numbered, 0 * numbered], 1), torch.arange(3000) % 2)
    sampled = own_data(data).raw.features[:, 0].tolist()
    data.features[next(k for k in range(3000) if k not in sampled), 1] = 1
    assert noted(own_data(data))[1:3] == ["sampled", "still_sampled"]


def test_a_long_file_is_sampled_by_seed_with_every_class():
    y = torch.zeros(5000)
    y[:30] = 1
    data = dataset(torch.cat([torch.arange(5000.0)[:, None].double(), normal(5000, 1)], 1), y)
    one, same, other = (own_data(data, seed=seed) for seed in (0, 0, 1))
    assert one.smaller_class == 20
    assert one.count == pytest.approx(1000, abs=20)
    assert (one.raw.features[1:, 0] > one.raw.features[:-1, 0]).all()
    assert torch.equal(one.raw.features, same.raw.features)
    assert not torch.equal(one.raw.features, other.raw.features)
    assert "5,000" in one.notes[1].say("en")


@pytest.mark.parametrize(
    ("X", "y", "code"),
    [
        (normal(9, 1), torch.ones(9), "own.classes"),
        (torch.ones(8, 2, dtype=torch.float64), torch.arange(8) % 2, "own.still"),
        (normal(8, 0), torch.arange(8) % 2, "own.columns"),
        (XOR[:, :2], XOR[:, 2], "own.alike"),
        (torch.arange(12.0)[:, None].double() % 2, torch.arange(12) % 3 == 0, "own.alike"),
    ],
    ids=["one class", "nothing changes", "no column", "xor", "no column tells the classes apart"],
)
def test_rows_that_cannot_teach_are_refused(X, y, code):
    with pytest.raises(InputError) as fault:
        own_data(dataset(X, y))
    assert fault.value.code == code


# What is asked, and why the rest is not.


@pytest.mark.parametrize(
    ("question", "asked", "not_asked"),
    [
        ("separable", "apart", "clouds"),
        ("imbalance", "rare class", "clouds"),
        ("rare_feature", "rare feature", "clouds"),
        ("duplicates", "repeated", "clouds"),
    ],
)
def test_a_question_is_asked_just_of_rows_of_its_kind(question, asked, not_asked):
    assert question not in refused(own(asked))
    assert question in refused(own(not_asked))


def test_all_other_questions_are_asked_of_any_rows():
    kinds = {"separable", "imbalance", "rare_feature", "duplicates"}
    assert set(refused(own("clouds"))) == NEVER | kinds
    one = own_data(dataset(normal(60, 1), torch.arange(60) % 2))
    assert set(refused(one)) == NEVER | kinds | {"rotation"}
    assert all(issubclass(EXPERIMENTS.load(name), OnRows) for name in set(EXPERIMENTS) - NEVER)


def test_reasons_tell_the_number_that_decided():
    reasons = {name: reason.say("en") for name, reason in refused(own("clouds")).items()}
    assert "50%" in reasons["imbalance"]
    assert "of your 120 rows 120 are different" in reasons["duplicates"]
    assert "x1, is away in 119 of 120" in reasons["rare_feature"]
    few = dataset(normal(40, 2), (torch.arange(40) < 6).long())
    assert "has 6 rows" in refused(own_data(few))["label_noise"].say("en")


def test_the_rows_on_the_wrong_side_are_counted():
    X = torch.tensor([[-2.0], [-1.0], [1.5], [-1.5], [1.0], [2.0]], dtype=torch.float64)
    reason = refused(own_data(dataset(X, torch.tensor([0, 0, 0, 1, 1, 1]))))["separable"]
    assert "2 of 6 rows lie on the wrong side" in reason.say("en")


@pytest.mark.parametrize("kind", ROWS)
def test_every_reason_is_worded_in_both_languages(kind):
    for reason in refused(own(kind)).values():
        english, russian = (reason.say(language) for language in LANGUAGES)
        assert english != russian
        assert "{" not in english + russian


# Columns of any size.


def clouds(change, *columns):
    """The clouds with some of their columns changed."""
    data = ROWS["clouds"]()
    X = data.features.clone()
    X[:, columns] = change(X[:, columns])
    return replace(data, features=X)


ANY_SIZE = {
    "enormous": lambda x: x * 1e200,
    "the largest": lambda x: x / x.abs().max() * 1.7e308,
    "tiny": lambda x: x * 1e-200,
    "with few bits": lambda x: x * 1e-320,
    "the least": lambda x: (x > x.mean()).double() * 5e-324,
    "far": lambda x: 1e15 + (10 * x).round(),
    "far by one bit": lambda x: 1e16 + 2 * (x > x.mean()).double(),
    "far and enormous": lambda x: 1e200 * (1 + 1e-10 * x),
}


@pytest.mark.parametrize("change", ANY_SIZE.values(), ids=ANY_SIZE)
def test_a_column_of_any_size_is_standardized(change):
    rows = own_data(clouds(change, 0))
    assert torch.equal(rows.raw.features, clouds(change, 0).features)
    torch.testing.assert_close(rows.even.features.mean(0), torch.zeros(2, dtype=torch.float64))
    torch.testing.assert_close(rows.even.features.std(0, correction=0), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_standardized_rows_do_not_tell_in_which_unit_they_came(size):
    torch.testing.assert_close(
        own_data(clouds(lambda x: x * size, 0)).even.features, own("clouds").even.features
    )


@pytest.mark.parametrize(
    ("change", "reason", "said"),
    [
        (ANY_SIZE["enormous"], "large", "e+200"),
        (ANY_SIZE["tiny"], "small", "e-200"),
        (ANY_SIZE["far"], "flat", " 1e-14 "),
        (lambda x: 1 + 1e-9 * x, "flat", " 1e-09 "),
    ],
    ids=["enormous", "tiny", "far", "far by little"],
)
def test_just_questions_about_features_as_they_came_blame_a_column_that_64_bits_cannot_square(
    change, reason, said
):
    reasons = refused(own_data(clouds(change, 0)))
    assert set(reasons) - set(refused(own("clouds"))) == {"condition", "features"}
    for name in ("condition", "features"):
        assert reasons[name].key == f"study.own.{reason}"
        for language in LANGUAGES:
            words = reasons[name].say(language)
            assert "x1" in words
            assert "x2" not in words
            assert said in words


def test_columns_to_blame_are_named_together_and_the_first_few_of_many():
    both = refused(own_data(clouds(ANY_SIZE["enormous"], 0, 1)))["condition"].say("en")
    assert "columns x1, x2 reach" in both
    many = dataset(1e200 * normal(60, 7), torch.arange(60) % 2)
    assert "columns c0, c1, c2, c3, c4 ... reach" in refused(own_data(many))["condition"].say("en")


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x / x.abs().max() * LARGEST_COLUMN,
        lambda x: x / x.abs().max() * SMALLEST_COLUMN,
        lambda x: 1 + 1.1 * LEAST_CHANGE / x.std() * (x - x.mean()),
        lambda x: 1e9 * (1 + 1.1 * LEAST_CHANGE / x.std() * (x - x.mean())),
    ],
    ids=["the largest", "the smallest", "the flattest", "the flattest and large"],
)
@pytest.mark.parametrize("name", ["condition", "features"])
def test_up_to_the_limits_features_are_asked_as_they_came(name, change):
    rows = own_data(clouds(change, 0))
    assert name not in refused(rows)
    one = small_own(name, rows).run()
    assert not any(math.isnan(value) for value in one.numbers.values())
    assert not re.search(r"\bnan\b|\binf\b", " ".join(verdict.phrase.say("en") for verdict in one.verdicts))
    if name == "features":
        least = [one.numbers[f"yours.{kind}.gradient_descent"] for kind in ("raw", "even")]
        assert least == [INF, found("features", "clouds").numbers["yours.even.gradient_descent"]]


def test_a_rare_feature_is_the_same_in_any_unit():
    X = normal(400, 2)
    X[:, 1] = 0
    X[:10, 1] = torch.arange(10) + 20.0
    unit = torch.tensor([1, 1e200], dtype=torch.float64)
    one, other = (sparse(own_data(dataset(rows, torch.arange(400) % 2))) for rows in (X, X * unit))
    assert one[1] == other[1] == 1
    torch.testing.assert_close(one[0].features, other[0].features)


# What is found.

ASKED = [
    *((name, "clouds") for name in EXPERIMENTS if name not in refused(own("clouds"))),
    ("separable", "apart"),
    ("imbalance", "rare class"),
    ("rare_feature", "rare feature"),
    ("duplicates", "repeated"),
    ("condition", "apart"),
    ("race", "apart"),
]


@pytest.mark.parametrize(("name", "kind"), ASKED)
def test_everything_that_is_found_on_own_rows_can_be_said(name, kind):
    one = found(name, kind)
    assert one.verdicts
    for language in LANGUAGES:
        told_all = [verdict.phrase.say(language) for verdict in one.verdicts]
        told_all += [part.title.say(language) for part in (*one.sheets, *one.charts)]
        assert not re.search(r"\{|\bnan\b|\binf\b", " ".join(told_all))
    for sheet in one.sheets:
        assert all(len(row) == len(sheet.columns) for row in sheet.rows)


@pytest.mark.parametrize(
    ("name", "claim", "holds_on", "not_on"),
    [
        ("condition", "standardize", "wide", "clouds"),
        ("features", "yours", "wide", "rare class"),
        ("features", "finish_own", "wide", "clouds"),
        ("outliers", "turn", "clean", "rare class"),
        ("batch_sizes", "updates", "repeated", None),
        ("rate_cliff", "cliff", "clouds", None),
        ("batch_noise", "ball", "clouds", None),
        ("saturated", "escape", "clean", None),
        ("saturated", "gradient", "clean", None),
        ("label_noise", "trust", "clean", None),
        ("imbalance", "weights", "rare class", None),
        ("separable", "growth", "apart", None),
        ("duplicates", "rows", "repeated", None),
        ("nesterov_nag", "same", "clouds", None),
        ("rotation", "momentum_own", "clouds", None),
        ("weight_decay", "differ_own", "clean", None),
    ],
)
def test_a_claim_holds_on_rows_that_bear_it_out_only(name, claim, holds_on, not_on):
    assert claims(name, holds_on)[claim]
    assert not_on is None or not claims(name, not_on)[claim]


INF = float("inf")
# What is kept.


@pytest.mark.parametrize(("name", "kind"), ASKED)
def test_what_is_asked_of_own_rows_keeps_its_trainings(name, kind):
    assert found(name, kind).runs
    check_repeatable(found(name, kind).runs)


def test_a_turn_of_the_features_changes_what_adagrad_needs_and_not_what_descent_needs():
    numbers = found("rotation", "alike").numbers
    assert numbers["straight.gradient_descent"] == numbers["turned.gradient_descent"]
    assert any(numbers[f"straight.{name}"] != numbers[f"turned.{name}"] for name in ("adagrad", "adam"))


def test_just_the_share_of_labels_is_turned_over():
    data = ROWS["clouds"]()
    noisy = flip_labels(data, 0.25, seed=0)
    assert torch.equal(noisy.features, data.features)
    assert int((noisy.labels != data.labels).sum()) == 30


def test_a_rare_feature_is_nought_where_it_has_its_usual_value():
    usual = 7.0
    X = torch.cat([normal(400, 1), torch.full((400, 1), usual, dtype=torch.float64)], 1)
    X[:10, 1] = torch.arange(10) + 20.0
    rows = own_data(dataset(X, torch.arange(400) % 2))
    even, column = sparse(rows)
    assert column == 1
    assert torch.equal(even.features[:, 1] == 0, X[:, 1] == usual)
    assert torch.equal(even.features[:, 0], rows.even.features[:, 0])


def test_thrown_rows_go_to_the_wrong_side_and_pull_half_as_hard_as_the_others():
    data = own("clean").even
    _, spoiled, count = GrossOutliers(data=own("clean"))._thrown(data)
    changed = (spoiled.features != data.features).any(1)
    signs = 2 * data.labels - 1
    column = int((spoiled.features != data.features).any(0).nonzero())
    pull = float((signs * data.features[:, column]).sum())
    wrong = float((signs * spoiled.features[:, column])[changed].sum())
    assert int(changed.sum()) == count == 2
    assert wrong == pytest.approx(-pull / 2)


def test_a_saturated_start_on_own_rows_is_sure_of_the_wrong_answer():
    one = Saturated(data=own("clean"))
    data, starts, goal = one._wrong(own("clean").even)
    z = one.neuron().logits(starts[-1], data.features)
    assert float(z.square().mean().sqrt()) == pytest.approx(18.0)
    assert float(((z > 0) == (data.labels > 0)).double().mean()) < 0.1
    assert goal > 0.9


def test_batch_sizes_are_judged_after_the_same_number_of_epochs():
    numbers = found("batch_sizes", "clouds").numbers
    assert max(value for name, value in numbers.items() if name.startswith("epochs.")) <= numbers["most"]
    assert numbers["most"] == 16


def test_a_rate_at_which_the_loss_overflows_is_a_gap():
    y = torch.arange(60) % 2
    one = EXPERIMENTS.load("rate_cliff").asked_of(own_data(dataset(y[:, None].double(), y))).run()
    (line,) = one.charts[0].series
    assert None in line.y
    assert all(value is None or math.isfinite(value) for value in line.y)


def test_few_rows_that_repeat_are_read_in_no_batch_larger_than_they_are():
    y = torch.arange(60) % 2
    one = small_own("duplicates", own_data(dataset(y[:, None].double(), y))).run()
    assert [row[0] for row in one.sheets[0].rows] == [1, 60]


def test_sizes_for_own_rows_are_fields():
    for name in EXPERIMENTS:
        experiment = EXPERIMENTS.load(name)
        if issubclass(experiment, OnRows):
            assert set(experiment.own_sizes) <= set(experiment.__dataclass_fields__)
            assert experiment.asked_of(own("clouds"), seed=3).seed == 3


# Words.


@pytest.mark.parametrize(
    ("count", "russian"),
    [(1, "1 шаг"), (3, "3 шага"), (11, "11 шагов"), (21, "21 шаг"), (INF, "более 500 шагов")],
)
def test_a_count_and_its_noun_agree(count, russian):
    assert count_phrase(count, 500, "steps").say("ru") == russian


def test_names_are_listed_with_commas():
    names = name_list([short_name(name) for name in ("gradient_descent", "adam", "nag")])
    assert names.say("en") == "plain descent, Adam, NAG"


def test_no_russian_count_stands_before_a_noun_of_one_form():
    source = resources.files("soloneuron.texts") / "ru" / "study.toml"
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    assert len(tables) > 20
    fixed = re.compile(r"(\{\w+:\.0f\}|\{(?:count|rows|done|of|near|wrong)\}) (?!из |метод)[а-яё]+")
    faults = [
        (table, key)
        for table, words in tables.items()
        for key, sentence in words.items()
        if isinstance(sentence, str) and fixed.search(sentence)
    ]
    assert faults == []
