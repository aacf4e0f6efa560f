"""Every experiment finds its claim at a small size, and its words turn when the numbers do."""

import json
import re
from dataclasses import fields, replace
from functools import cache

import pytest
import torch

from soloneuron.data.synthetic import make_moons
from soloneuron.experiments.base import short_name
from soloneuron.experiments.catalogue import CHAPTERS, EXPERIMENTS
from soloneuron.experiments.measuring import finite_or_none
from soloneuron.experiments.own_data import own_data
from soloneuron.experiments.repeats import repeated
from soloneuron.experiments.surface_race import RACED_METHODS, ranking, standings
from soloneuron.records.comparison import Entry
from soloneuron.records.study import Study
from soloneuron.storage.files import jsonable
from soloneuron.storage.findings import load_study, save_study
from soloneuron.texts import LANGUAGES, table, text
from soloneuron.training.compare import compare_optimizers
from study_runs import check_repeatable
from study_sizes import BRIEF, SMALL, SMALL_OWN, brief, small


@cache
def found(name):
    return small(name).run()


FOUND_LARGE = {
    "assignment": {"run_2", "run_3"},
    "race": {"winner", "easy"},
    "plateau": {"winner", "plain"},
    "rosenbrock": {"winner"},
    "features": {"finish"},
    "rotation": {"diagonal"},
}
"""Claims that a small size need not find, or that are none of ours; all others hold."""


def test_every_experiment_stands_in_one_chapter():
    told = [name for names in CHAPTERS.values() for name in names]
    assert told == list(EXPERIMENTS)


@pytest.mark.parametrize("sizes", [SMALL, BRIEF, SMALL_OWN], ids=["small", "brief", "own"])
def test_sizes_are_those_of_experiments(sizes):
    for name, given in sizes.items():
        assert set(given) <= {field.name for field in fields(EXPERIMENTS.load(name))}, name


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_finds_its_claims_at_a_small_size(name):
    missing = {verdict.claim for verdict in found(name).verdicts if not verdict.holds}
    assert missing <= FOUND_LARGE.get(name, set())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_everything_an_experiment_says_can_be_said(name, language):
    one = found(name)
    assert one.experiment == name
    assert text(language, f"study.{name}.question").endswith("?")
    phrases = [verdict.phrase for verdict in one.verdicts] + [one.how]
    phrases += [part.title for part in (*one.sheets, *one.charts)]
    for phrase in phrases:
        assert "{" not in phrase.say(language)
    for one_sheet in one.sheets:
        assert all(len(row) == len(one_sheet.columns) for row in one_sheet.rows)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_numbers_are_numbers_that_json_can_keep(name):
    numbers = found(name).numbers
    assert all(isinstance(value, int | float) for value in numbers.values())
    json.dumps(jsonable(dict(numbers)), allow_nan=False)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_was_found_comes_back_from_its_file(name, tmp_path):
    one = found(name)
    save_study(Study((one,), "", {}), tmp_path / "f.json")
    (back,) = load_study(tmp_path / "f.json").findings
    assert replace(back, runs={}) == replace(one, runs={})


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_both_answers_to_every_claim_are_worded(name):
    for verdict in found(name).verdicts:
        for answer in ("yes", "no"):
            for language in LANGUAGES:
                assert text(language, f"study.{name}.{verdict.claim}_{answer}")


INF = float("inf")


def costs(key, name, *each):
    """What a method costs in each repeat, and the median."""
    return {f"{key}.{name}": sorted(each)[len(each) // 2]} | repeated(f"{key}.{name}", each)


def tied(*names, steps=1.0, key="steps", repeats=5):
    """These need as many steps, from every start."""
    return {x: y for name in names for x, y in costs(key, name, *[steps] * repeats).items()}


NEVER = tied(*RACED_METHODS, steps=INF)


NOBODY = {
    "saddle": [NEVER, NEVER | costs("steps", "adam", 1, 2, 3, 4, 5)],
    "plateau": [NEVER, NEVER | costs("steps", "adam", 1, 2, 3, 4, 5)],
    "rosenbrock": [NEVER, NEVER | costs("steps", "adam", 1, 2, 3, 4, 5)],
    "race": [
        tied(*RACED_METHODS, steps=INF, key="cost", repeats=2)
        | {f"works.{name}": 0.0 for name in RACED_METHODS},
        tied(*RACED_METHODS, steps=INF, key="cost", repeats=2) | costs("cost", "adam", 1, 2),
    ],
}


OTHER_NUMBERS = [
    ("assignment", "run_1", {"run_1.equal": 102}),
    ("assignment", "run_2", {"run_2.equal": 103}),
    ("assignment", "run_3", {"run_3.equal": 103}),
    ("assignment", "run_4", {"run_4.equal": 0}),
    ("assignment", "fault", {"replay_2.equal": 100}),
    ("assignment", "example", {"example_matches": 1}),
    ("assignment", "element", {"element_matches": 5}),
    ("batch_noise", "ball", {"power": 2.0}),
    ("batch_noise", "full", {"full": 0.1}),
    ("batch_noise", "shuffled", {"shuffled": 1.0}),
    ("duplicates", "rows", {"full": 1.0}),
    ("duplicates", "rows", {"single": INF}),
    ("batch_sizes", "epochs", {"epochs.4.1": 99.0}),
    ("batch_sizes", "epochs", {f"epochs.4.{k}": 99.0 for k in range(3)}),
    ("batch_sizes", "epochs", {f"epochs.{size}.{k}": INF for size in (4, 512) for k in range(3)}),
    ("batch_sizes", "updates", {"epochs.512.0": 9e9}),
    ("batch_sizes", "updates", {f"epochs.512.{k}": 9e9 for k in range(3)}),
    ("batch_sizes", "updates", {f"epochs.{size}.{k}": INF for size in (4, 512) for k in range(3)}),
    ("condition", "rate", {"measured.5": 0.1}),
    ("condition", "rate", {"kappa.5": 1e9}),
    ("condition", "rate", {"kappa.1": 1e9, "kappa.5": 1e9}),
    ("condition", "standardize", {"standardized.5": 1e9}),
    ("rate_cliff", "cliff", {"excess.1.05": 1e-16}),
    ("rate_cliff", "cliff", {"excess.0.95": 0.1}),
    ("features", "wide", {"wide.even.gradient_descent": INF}),
    ("features", "wide", {"wide.raw.gradient_descent": 7.0, "wide.even.gradient_descent": 7.0}),
    ("features", "wide", {"wide.raw.gradient_descent": 7.0, "wide.even.gradient_descent": 70.0}),
    ("features", "wide", {"wide.raw.gradient_descent": INF, "wide.even.gradient_descent": INF}),
    ("features", "moved", {"moved.raw.gradient_descent": 3.0, "moved.even.gradient_descent": 3.0}),
    ("features", "moved", {"moved.raw.gradient_descent": 3.0, "moved.even.gradient_descent": 7.0}),
    ("features", "moved", {"moved.raw.gradient_descent": INF, "moved.even.gradient_descent": INF}),
    ("features", "alike", {"alike.raw.gradient_descent": 900.0, "apart.raw.gradient_descent": 9.0}),
    ("features", "alike", {"alike.raw.gradient_descent": 9.0, "apart.raw.gradient_descent": 9.0}),
    ("features", "alike", {"alike.raw.gradient_descent": INF, "apart.raw.gradient_descent": INF}),
    ("features", "apart", {"apart.even.gradient_descent": 9.0, "apart.white.gradient_descent": INF}),
    ("features", "apart", {"apart.even.gradient_descent": 9.0, "apart.white.gradient_descent": 9.0}),
    ("features", "apart", {"apart.even.gradient_descent": INF, "apart.white.gradient_descent": INF}),
    ("features", "finish", {"moved.raw.adam": 50.0}),
    ("rotation", "momentum", {"turned.momentum": INF}),
    ("rotation", "momentum", {"straight.momentum": INF}),
    ("rotation", "diagonal", {"turned.adam": INF}),
    ("rotation", "diagonal", {f"turned.{name}": 1.0 for name in ("adagrad", "rmsprop", "adam")}),
    ("rotation", "diagonal", {f"straight.{name}": INF for name in ("adagrad", "rmsprop", "adam")}),
    ("saturated", "gradient", {"gradient.mse.6": 2.0}),
    ("saturated", "escape", {"epochs.mse.6": 1.0}),
    ("saturated", "escape", {"epochs.nll.6": 30.0, "epochs.mse.6": 30.0}),
    ("saturated", "escape", {"epochs.nll.6": INF, "epochs.mse.6": INF}),
    ("outliers", "turn", {"turn.mse": 90.0}),
    ("outliers", "turn", {"turn.nll": 5.0, "turn.mse": 5.0}),
    ("label_noise", "answers", {"answers.low": 0.01, "answers.high": 0.1}),
    ("label_noise", "answers", {"answers.low": -0.1, "answers.high": 0.1}),
    ("label_noise", "trust", {"calibration.nll.0.3": 0.9}),
    ("label_noise", "trust", {f"calibration.{loss}.0.3": 0.1 for loss in ("nll", "mse", "mae")}),
    ("imbalance", "loss", {"loss.low": -0.2, "loss.high": -0.01}),
    ("imbalance", "loss", {"loss.low": -0.2, "loss.high": 0.2}),
    ("imbalance", "weights", {"balanced.nll": 0.1}),
    ("imbalance", "weights", {"weights.low": -0.01}),
    ("separable", "growth", {"free.2": 1e3}),
    ("separable", "penalty", {"held.2": 1e3}),
    ("race", "winner", costs("cost", "adam", 1.0, 1.0)),
    ("race", "easy", {"works.adam": 1.0}),
    ("rare_feature", "adagrad", {"excess.adagrad.0": 1.0}),
    ("rare_feature", "adagrad", {f"excess.adagrad.{k}": 1.0 for k in range(3)}),
    (
        "rare_feature",
        "adagrad",
        {f"excess.{x}.{k}": INF for x in ("adagrad", "gradient_descent") for k in range(3)},
    ),
    ("saddle", "winner", tied("nag", "nesterov")),
    ("saddle", "winner", {"steps.rmsprop.2": 100.0}),
    ("plateau", "winner", tied("adam")),
    ("rosenbrock", "winner", tied("nag", "nesterov")),
    ("rosenbrock", "winner", {"steps.adam.0": 1.0}),
    ("saddle", "plain", tied("gradient_descent")),
    ("saddle", "plain", {"steps.gradient_descent.3": 1.0}),
    ("plateau", "plain", tied("gradient_descent")),
    ("plateau", "plain", {"steps.gradient_descent.3": 1.0}),
    ("rosenbrock", "plain", tied("gradient_descent")),
    ("rosenbrock", "plain", {"steps.gradient_descent.3": 1.0}),
    ("concept_flip", "late", {f"steps.adagrad.{k}": 1.0 for k in range(5)}),
    ("concept_flip", "late", {"steps.adagrad.2": 1.0}),
    (
        "concept_flip",
        "late",
        {f"steps.{x}.{k}": INF for x in ("adagrad", "gradient_descent") for k in range(5)},
    ),
    ("heavy_tails", "limits", {"cauchy.adam": 1e3}),
    ("nesterov_nag", "same", {"constant": 1.0}),
    ("nesterov_nag", "apart", {"falling": 0.0}),
    (
        "weight_decay",
        "differ",
        {f"{kind}.{part}.0.1": 0.5 for kind in ("l2", "decoupled") for part in ("narrow", "wide")},
    ),
]


@pytest.mark.parametrize(("name", "claim", "changes"), OTHER_NUMBERS, ids=str)
def test_other_numbers_turn_the_sentence(name, claim, changes):
    before = found(name)
    assert set(changes) <= set(before.numbers)
    after = EXPERIMENTS.load(name).conclude({**before.numbers, **changes})
    one, other = (
        next(verdict for verdict in verdicts if verdict.claim == claim)
        for verdicts in (before.verdicts, after)
    )
    assert one.phrase.key != other.phrase.key
    for language in LANGUAGES:
        assert one.phrase.say(language) != other.phrase.say(language)


@pytest.mark.parametrize("name", ["gradient_descent", "momentum"])
def test_a_method_without_coordinates_needs_as_many_steps_in_the_turned_ravine(name):
    numbers = found("rotation").numbers
    assert numbers[f"turned.{name}"] == numbers[f"straight.{name}"] < INF


@pytest.mark.parametrize("own", [0.0, 1.0])
@pytest.mark.parametrize("name", ["rotation", "batch_sizes"])
def test_where_no_method_arrives_nothing_is_claimed(name, own):
    numbers = {**found(name).numbers, "own": own}
    never = {key: INF for key in numbers if key.startswith(("straight.", "turned.", "epochs.", "updates."))}
    verdicts = EXPERIMENTS.load(name).conclude({**numbers, **never})
    assert not any(verdict.holds for verdict in verdicts)
    for verdict in verdicts:
        assert name != "rotation" or verdict.phrase.key.endswith("_unknown")
        assert all("inf" not in verdict.phrase.say(language) for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["saddle", "plateau", "rosenbrock"])
def test_where_nobody_gets_down_a_surface_nobody_is_named(name, language):
    winner, plain = EXPERIMENTS.load(name).conclude({**found(name).numbers, **NEVER})
    assert (winner.phrase.key[-7:], plain.phrase.key[-8:]) == ("_nobody", "_unknown")
    assert not winner.holds
    assert not plain.holds
    assert not any(
        short_name(method).say(language) in winner.phrase.say(language) for method in RACED_METHODS
    )


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_claim_has_numbers_that_turn_it(name):
    turned = {claim for one, claim, _ in OTHER_NUMBERS if one == name}
    assert turned == {verdict.claim for verdict in found(name).verdicts}


ANSWERS = ("yes", "no", "reversed", "part", "unclear", "unknown", "none", "nobody", "only")


def given():
    """The keys of all sentences that the numbers above lead to."""
    keys = {verdict.phrase.key for name in EXPERIMENTS for verdict in found(name).verdicts}
    for name, _, changes in OTHER_NUMBERS:
        after = EXPERIMENTS.load(name).conclude({**found(name).numbers, **changes})
        keys |= {verdict.phrase.key for verdict in after}
    for name, cases in NOBODY.items():
        for changes in cases:
            last = EXPERIMENTS.load(name).conclude({**found(name).numbers, **changes})
            keys |= {verdict.phrase.key for verdict in last}
    return keys


def test_every_answer_that_is_worded_can_be_given():
    worded = {
        f"study.{name}.{key}"
        for name in EXPERIMENTS
        for key in table("en", "study")[name]
        if key.rpartition("_")[2] in ANSWERS and "_own_" not in key
    }
    own = {f"study.features.{claim}_{answer}" for claim in ("yours", "white") for answer in ANSWERS}
    assert worded - own - given() == set()


FORMULAS = (
    r"\{[^{}]*\}|[Tt]ask [12]\b|class 1|L2|must be 0|kappa [-+] 1|2 / |[abc] = -?\d+"
    r"|mean 0 and deviation 1|are 0 in 64 bits|64 bits"
)


def test_no_size_stands_as_a_number_in_a_sentence():
    fixed = {}
    for room, words in table("en", "study").items():
        for key, sentence in words.items():
            left = sentence if isinstance(sentence, str) else " ".join(sentence.values())
            for _ in range(2):
                left = re.sub(FORMULAS, "", left)
            if re.search(r"\d|million|thousand|hundred|twice|half", left):
                fixed[room, key] = left
    assert fixed == {}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_a_picture(name):
    charts = found(name).charts
    assert charts
    assert all(chart.series or chart.runs for chart in charts)


SURFACES = {"rotation", "saddle", "plateau", "rosenbrock", "heavy_tails", "nesterov_nag"}
"""These go down made surfaces: there are no rows that a Run could keep."""


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_on_rows_keeps_its_trainings(name):
    assert bool(found(name).runs) == (name not in SURFACES)


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name not in SURFACES])
def test_a_kept_run_can_be_repeated_from_what_it_says_of_itself(name):
    check_repeatable(found(name).runs)


# The same with other data, not other numbers.


def test_without_thrown_rows_no_loss_resists_better():
    one = EXPERIMENTS.load("outliers")(rows=100, count=0, epochs=100).run()
    assert not one.verdicts[0].holds


def test_where_no_row_repeats_the_gain_is_smaller():
    many, none = (
        EXPERIMENTS.load("duplicates")(rows=500, different=different).run().numbers for different in (20, 500)
    )
    assert none["full"] / none["single"] < many["full"] / many["single"]


def test_without_stretch_standardizing_does_not_help():
    one = EXPERIMENTS.load("condition")(rows=100, factors=(1.0,)).run()
    assert not next(verdict for verdict in one.verdicts if verdict.claim == "standardize").holds


def test_an_experiment_says_the_same_twice():
    one, other = (brief("batch_noise", 0).run().numbers for _ in range(2))
    assert one == other


CERTAIN = {"assignment", "rotation", "nesterov_nag"}
"""Nothing in these is left to chance."""


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_another_seed_gives_other_numbers_where_there_is_chance_and_only_there(name):
    one, other = (brief(name, seed).run().numbers for seed in (0, 5))
    assert (one == other) == (name in CERTAIN)


@pytest.mark.parametrize("name", ["batch_sizes", "race"])
def test_another_seed_gives_other_orders_of_the_same_rows(name):
    rows = own_data(make_moons(200, seed=0))
    one, other = (replace(small(name), data=rows, seed=seed).run() for seed in (0, 5))
    assert one.numbers != other.numbers


def race(first=(50, 50, 50), second=(90, 90, 90), works=(0.5, 0.3), others=800.0):
    """The verdicts of a race between Adam and Momentum, all others far behind; an epoch is 10 updates."""
    numbers = {"own": 0.0, "updates": 10.0, "most": 900.0}
    numbers |= tied(*RACED_METHODS, steps=others, key="cost", repeats=3)
    numbers |= costs("cost", "adam", *first) | costs("cost", "momentum", *second)
    shares = {f"works.{name}": 0.1 for name in RACED_METHODS}
    shares |= {"works.adam": works[0], "works.momentum": works[1]}
    return {verdict.claim: verdict for verdict in EXPERIMENTS.load("race").conclude(numbers | shares)}


def test_a_winner_leads_by_a_factor_also_if_the_next_came_early_in_its_last_epoch():
    assert race()["winner"].holds
    assert not race(second=(74, 74, 74))["winner"].holds
    assert race(first=(50, 40, 95), second=(90, 90, 150))["winner"].holds
    assert not race(first=(50, 40, 95))["winner"].holds


def test_the_easiest_to_tune_leads_by_a_factor():
    assert race()["easy"].holds
    assert race(works=(0.5, 0.1))["easy"].holds
    assert not race(works=(0.5, 0.45))["easy"].holds
    assert not race(works=(0.5, 0.5))["easy"].holds


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_as_many_rates_suit_or_who_costs_the_same_is_named_with_the_others(language):
    equal = race(second=(50, 50, 50), works=(0.5, 0.5))
    for claim in ("winner", "easy"):
        said = equal[claim].phrase.say(language)
        assert "Adam" in said
        assert short_name("momentum").say(language) in said
    assert short_name("nag").say(language) not in equal["winner"].phrase.say(language)
    alone = race()["winner"].phrase.say(language)
    assert short_name("nag").say(language) not in alone


def on_surface(**others):
    """The verdicts of a race down a surface; NAG needs 20 steps from all starts, all others 900."""
    works = {f"works.{name}": 0.5 for name in RACED_METHODS}
    numbers = {"most": 2000.0} | works | tied(*RACED_METHODS, steps=900.0, repeats=3)
    for name, each in ({"nag": (20, 20, 20)} | others).items():
        numbers |= costs("steps", name, *each)
    return {verdict.claim: verdict for verdict in EXPERIMENTS.load("plateau").conclude(numbers)}


def test_a_winner_on_a_surface_leads_by_a_factor_start_by_start():
    never = {name: (INF, INF, INF) for name in RACED_METHODS if name != "nag"}
    assert on_surface()["winner"].holds
    assert on_surface(nag=(10, 20, 40), adam=(14, 28, 56))["winner"].holds
    assert not on_surface(adam=(25, 25, 25))["winner"].holds
    assert not on_surface(adam=(19, 800, 900))["winner"].holds
    assert not on_surface(nag=(10, 20, INF))["winner"].holds
    assert on_surface(**never, nag=(10, 20, INF))["winner"].phrase.key.endswith("winner_only")
    assert on_surface(gradient_descent=(27, 27, 27))["plain"].holds
    assert not on_surface(gradient_descent=(20, 27, 27))["plain"].holds
    assert on_surface(gradient_descent=(1, 1, 1))["plain"].phrase.key.endswith("plain_reversed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_needs_the_same_number_of_steps_is_named_with_the_others(language):
    first = on_surface(nesterov=(20, 20, 30), adam=(20, 500, 500), momentum=(31, 500, 500))["winner"]
    said = first.phrase.say(language)
    assert not first.holds
    places = [said.index(name) for name in ("Nesterov (20", "NAG (20", "Adam (500")]
    assert places == sorted(places)
    assert "Momentum" not in said
    second = on_surface(adam=(40, 40, 40), rmsprop=(40, 40, 40))["winner"].phrase.say(language)
    assert "RMSProp, Adam" in second
    assert "Adagrad" not in second


@pytest.mark.parametrize("name", ["saddle", "plateau", "rosenbrock"])
def test_the_table_has_the_order_of_the_sentence(name):
    one = found(name)
    ranked = [method for group in standings(one.numbers, "steps") for method in group]
    assert [row[0].key for row in one.sheets[0].rows] == [f"optimizers.{method}.title" for method in ranked]
    for method, row in zip(ranked, one.sheets[0].rows, strict=True):
        assert len(row) == (3 if name == "saddle" else 5)
        assert row[1 if name == "saddle" else 2] == finite_or_none(one.numbers[f"steps.{method}"])


def test_at_one_rate_no_best_rate_is_told_of():
    (sheet,) = found("saddle").sheets
    for language, words in {"en": "best rate", "ru": "лучш"}.items():
        assert words not in " ".join(phrase.say(language) for phrase in (sheet.title, *sheet.columns))


def test_the_first_start_is_the_surfaces_own_and_the_others_are_near_it():
    for name in ("saddle", "plateau", "rosenbrock"):
        race = EXPERIMENTS.load(name)()
        points = race.points(race.surface())
        assert points.shape == (5, 2)
        assert tuple(points[0].tolist()) == race.surface().start
        moves = (points[1:] - points[0]).abs()
        assert (moves > 0).all()
        assert (moves <= torch.tensor(race.spread, dtype=torch.float64) + 1e-15).all()


def entry(best_rate, best_steps=5.0, band=(5.0, 5.0)):
    steps = torch.full((1, 2), best_steps)
    return Entry("adam", steps, steps, 0.5, best_rate, best_steps, band, 0.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_best_rate_at_the_end_of_the_grid_is_said_to_be_there(language):
    table = compare_optimizers("bowl", ["gradient_descent"], rates=(0.1, 0.2), steps=3)
    entries = (entry(0.1), entry(0.2), entry(None, INF, (INF, INF)), entry(0.1, 5.0, (5.0, INF)))
    rows = ranking(replace(table, entries=entries), "title", "over").rows
    words = {
        "en": ("0.2, the grid's largest", "from 5, not always"),
        "ru": ("0.2, наибольшая в сетке", "от 5, не всегда"),
    }
    largest, open_band = words[language]
    rates = sorted(str(row[1] if not hasattr(row[1], "say") else row[1].say(language)) for row in rows)
    assert rates == sorted(["0.1", largest, "0.1", "None"])
    assert [row[3].say(language) for row in rows if hasattr(row[3], "say")] == [open_band]


def test_only_our_rows_of_the_assignment_tell_how_many_digits_agree():
    sheet = found("assignment").sheets[1]
    agree = [row[-1] for row in sheet.rows]
    assert agree[::2] == [""] * 4
    assert agree[1::2] == ["103/103", "93/103", "101/103", "53/53"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_squared_error_figure_says_why_its_second_run_starts_low(language):
    chart = found("assignment").charts[2]
    told = {"en": "begins where the per-sample run has ended", "ru": "начинается там, где закончился"}
    assert told[language] in chart.title.say(language)
