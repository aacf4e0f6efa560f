"""The lessons: what each claims is measured here, and other measurements are told as what they are."""

import math
import random
from dataclasses import replace
from itertools import pairwise
from string import Formatter

import pytest
import torch

from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import MOST_STEPS
from soloneuron.playing.lesson import UNCLEAR, Alike, Less, Measure, Within
from soloneuron.playing.lesson_check import lesson_trials
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import read_link, write_link
from soloneuron.playing.measures import MEASURES, take
from soloneuron.playing.session import Session
from soloneuron.texts import LANGUAGES, table, text

every_lesson = pytest.mark.parametrize("name", list(LESSONS))

LEVELS = (None, -2.1, -1.07, -0.52, 0.0, 0.013, 0.31, 0.71, 0.99, 1.03, 2.3, 4.9, 11.3, 57.0, 403.0)
"""Numbers to make up measurements of: every bound of a lesson lies between two of them."""


@pytest.fixture(scope="module")
def finished():
    """Every lesson, taken at its own settings, once."""
    return {name: next(lesson_trials(lesson)) for name, lesson in LESSONS.items()}


def made_up(lesson, seed=0):
    """For every answer of a lesson, measurements that lead to it."""
    dice, found = random.Random(seed), {}
    for _ in range(20_000):
        numbers = {name: dice.choice(LEVELS) for name in lesson.measures}
        found.setdefault(lesson.judge(numbers), numbers)
        if len(found) > len(lesson.answers):
            return found
    raise AssertionError(f"no measurements lead to {set(lesson.answers) - set(found)}")


class Filled(Formatter):
    """Fills a sentence as the page does, which has a word for what never came."""

    def __init__(self, language):
        self.missing = text(language, "playground.lesson.never")

    def format_field(self, value, spec):
        return self.missing if value is None else super().format_field(value, spec)


def wording(language, name, code, numbers):
    """What the page says of an answer."""
    words = table(language, "lessons")[name]
    ends = {f"end{place}": step.until for place, step in enumerate(LESSONS[name].steps, 1)}
    unclear = text(language, "playground.lesson.unclear")
    return Filled(language).format(
        f"{words['answers'].get(code, unclear)} {words['measured']}", **ends, **numbers
    )


# --- what is claimed --------------------------------------------------------------------------------------


@every_lesson
def test_a_lesson_shows_at_its_own_settings_what_it_was_made_for(finished, name):
    trial = finished[name]
    assert trial.answer == LESSONS[name].expected
    for language in LANGUAGES:
        assert "nan" not in wording(language, name, trial.answer, trial.numbers)


@every_lesson
def test_measurements_of_the_opposite_are_told_in_other_words(name):
    made = made_up(LESSONS[name])
    for language in LANGUAGES:
        assert len(
            {wording(language, name, code, dict.fromkeys(numbers)) for code, numbers in made.items()}
        ) == len(made)


@every_lesson
def test_at_most_one_answer_is_true(name):
    lesson, dice = LESSONS[name], random.Random(1)
    for _ in range(3000):
        numbers = {key: dice.choice(LEVELS) for key in lesson.measures}
        true = [all(c.holds(numbers) for c in conditions) for conditions in lesson.answers.values()]
        assert sum(true) <= 1, numbers


def test_the_best_weight_of_the_rare_feature_is_twice_the_logarithm_of_five(finished):
    numbers = finished["rare"].numbers
    assert numbers["best"] == pytest.approx(2 * math.log(5), abs=1e-4)
    assert numbers["adagrad"] == pytest.approx(2 * math.log(5), abs=1e-3)
    assert numbers["descent"] < 0.5


def test_the_slopes_of_the_last_lesson_are_those_of_the_chain_rule(finished):
    p = 1 / (1 + math.exp(6))
    wanted = {"nll": -1, "mse": -1 / 2, "nll_wrong": 2 * (p - 1), "mse_wrong": 4 * (p - 1) * p * (1 - p)}
    assert finished["autograd"].numbers == pytest.approx(wanted, rel=1e-9)


def test_the_edge_divides_a_bouncing_run_from_a_steady_one(finished):
    numbers = finished["edge_of_stability"].numbers
    assert numbers["small_rises"] == 0
    assert numbers["sharpest"] > 4 * numbers["edge"]
    assert 3 * numbers["large"] < numbers["small"]
    assert min(numbers["rises"], numbers["mse_rises"]) > 10
    assert numbers["mse_sharpest"] > 2 * numbers["edge"]


@pytest.mark.slow
def test_other_points_drawn_alike_show_the_same_beyond_the_edge():
    dice = torch.Generator().manual_seed(1)
    for _ in range(20):
        y = torch.arange(12) % 2
        side = 2.0 * y - 1
        gap = 0.3 + 0.3 * torch.randn(12, generator=dice).abs()
        wide = 0.4 * side + 2 * torch.randn(12, generator=dice)
        rows = torch.stack((side * gap, wide), 1).double()
        limit = 8 / float(torch.linalg.eigvalsh(rows.T @ rows / 12)[-1])
        points = ";".join(f"{a:.3f},{b:.3f},{c}" for (a, b), c in zip(rows.tolist(), y.tolist(), strict=True))
        first = []
        for share in (0.9, 4.0):
            rate = f"{share * limit:.6f}"
            link = f"data=own&points={points}&loss=nll&start=0,0&optimizers=gradient_descent:{rate}"
            session = Session(read_link(link))
            session.go(250)
            first.append(take(session, Measure("arrived", 1, 0, 0.05), 250))
        small, large = first
        assert large is not None
        assert small is None or 3 * large <= small, points


def test_on_xor_nothing_is_better_than_the_loss_of_no_opinion(finished):
    numbers = finished["xor"].numbers
    assert math.log(2) - 0.001 < numbers["loss"] <= math.log(2)


def test_the_limit_of_the_cliff_lies_between_its_rates(finished):
    limit = finished["rate_cliff"].numbers["limit"]
    rates = [read_link(step.link).optimizers[0].rate / limit for step in LESSONS["rate_cliff"].steps]
    assert rates == pytest.approx([0.95, 1.05, 3.0], abs=0.005)


def test_a_smaller_batch_hovers_farther_away(finished):
    numbers = finished["batch_noise"].numbers
    ways = [numbers[name] for name in ("all", "thirty_two", "eight", "one")]
    assert ways == sorted(ways)


# --- data -------------------------------------------------------------------------------------------------


@every_lesson
def test_a_lesson_is_in_order(name):
    lesson = LESSONS[name]
    assert 3 <= len(lesson.steps) <= 5
    assert 2 <= len(lesson.answers) <= 3
    assert lesson.expected in lesson.answers
    assert not {UNCLEAR, "skipped"} & set(lesson.answers)
    for step in lesson.steps:
        assert write_link(read_link(step.link)).count("=") <= step.link.count("=")
        assert 0 < step.until <= MOST_STEPS
        assert step.speed in (5, 15, 60, 240, 960)
    for measure in lesson.measures.values():
        assert measure.kind in MEASURES
        config = read_link(lesson.steps[measure.step - 1].link)
        assert measure.runner < len(config.loss) * len(config.optimizers)
    for conditions in lesson.answers.values():
        for condition in conditions:
            named = names_in(condition)
            assert named <= set(lesson.measures)


@pytest.mark.parametrize("language", LANGUAGES)
@every_lesson
def test_a_lesson_has_all_its_words_and_no_others(name, language):
    lesson, words = LESSONS[name], table(language, "lessons")[name]
    assert set(words) == {
        *("title", "asks", "question", "measured", "why", "docs", "choices", "steps", "answers")
    }
    assert list(words["choices"]) == list(words["answers"]) == list(lesson.answers)
    assert list(words["steps"]) == [str(place) for place in range(1, len(lesson.steps) + 1)]
    ends = {f"end{place}" for place in range(1, len(lesson.steps) + 1)}
    assert fields(words["question"]) <= ends
    assert fields(words["measured"]) <= ends | set(lesson.measures)
    for key in lesson.formulas:
        assert text(language, f"{key}.formula")
    unasked = [words["title"], words["why"], *words["choices"].values(), *words["steps"].values()]
    assert not any(fields(sentence) for sentence in unasked)


def names_in(condition):
    """The measures that a condition asks for."""
    return {value for value in vars(condition).values() if isinstance(value, str)}


def fields(sentence):
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@every_lesson
def test_every_measure_is_said_or_decides(name):
    lesson = LESSONS[name]
    said = {key for key in fields(table("en", "lessons")[name]["measured"]) if not key.startswith("end")}
    deciding = {
        key
        for conditions in lesson.answers.values()
        for condition in conditions
        for key in names_in(condition)
    }
    assert set(lesson.measures) == said | deciding


# --- measures ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ravine():
    session = Session(read_link("data=stretched&loss=nll&start=-1,1&optimizers=momentum:0.4,nag:0.4&bias=1"))
    session.go(80)
    return session


@pytest.mark.parametrize("runner", [0, 1])
def test_crossings_are_counted_where_the_path_changes_sides(ravine, runner):
    plan, lowest = ravine.race.runners[runner].plan, ravine.landscape.minima["nll"]
    _, directions = torch.linalg.eigh(plan.objective.hessian(lowest, plan.data))
    sides = [float((ravine.weights(runner, step) - lowest) @ directions[:, -1]) > 0 for step in range(81)]
    wanted = sum(one != other for one, other in pairwise(sides))
    assert wanted > 0
    assert take(ravine, Measure("crossings", 1, runner), 80) == wanted


def test_distance_and_stride_are_root_mean_squares_over_the_last_steps(ravine):
    lowest = ravine.landscape.minima["nll"]
    path = [ravine.weights(0, step) for step in range(81)]
    away = [float((theta - lowest).square().sum()) for theta in path[-10:]]
    strides = [float((path[k] - path[k - 1]).square().sum()) for k in range(71, 81)]
    assert take(ravine, Measure("distance", 1, detail=10), 80) == pytest.approx(math.sqrt(sum(away) / 10))
    assert take(ravine, Measure("stride", 1, detail=10), 80) == pytest.approx(math.sqrt(sum(strides) / 10))


def test_an_event_that_comes_after_the_end_of_a_part_has_not_come(ravine):
    first = ravine.learned(0, 80)
    assert take(ravine, Measure("learned", 1), first) == first
    assert take(ravine, Measure("learned", 1), first - 1) is None


def test_who_passes_by_the_lowest_loss_has_not_arrived(ravine):
    losses = [ravine.measures(0, step)["loss"] for step in range(81)]
    low, measure = ravine.landscape.lowest["nll"], Measure("arrived", 1, 0, 1e-2)
    step = int(take(ravine, measure, 80))
    assert max(losses[step:]) <= low + 1e-2 < losses[step - 1]
    assert min(losses[: step - 1]) <= low + 1e-2
    assert take(ravine, measure, step - 1) is None


@pytest.fixture(scope="module")
def bouncing():
    step = LESSONS["edge_of_stability"].steps[1]
    session = Session(read_link(step.link))
    session.go(step.until)
    return session


def test_the_sharpness_is_the_largest_eigenvalue_of_second_differences(bouncing):
    data = bouncing.race.data
    y = data.labels.double() * 2 - 1

    def loss(theta):
        return torch.logaddexp(torch.zeros_like(y), -y * (data.features @ theta)).mean()

    found = []
    for step in range(61):
        theta, h = bouncing.weights(0, step).double(), 1e-4
        along = torch.eye(2, dtype=torch.float64) * h
        second = [
            [
                loss(theta + a + b) - loss(theta + a - b) - loss(theta - a + b) + loss(theta - a - b)
                for b in along
            ]
            for a in along
        ]
        found.append(float(torch.linalg.eigvalsh(torch.tensor(second) / (4 * h * h))[-1]))
    measured = [take(bouncing, Measure("sharpness", 1), step) for step in range(61)]
    assert measured == pytest.approx(found, rel=1e-4, abs=1e-6)
    assert take(bouncing, Measure("sharpest", 1), 60) == max(measured)
    above = [step for step, sharp in enumerate(measured) if sharp > 2 / 4]
    assert take(bouncing, Measure("stable", 1), 60) == above[-1] + 1
    assert take(bouncing, Measure("stable", 1), above[-1]) is None


def test_a_rise_is_counted_where_the_loss_is_larger_than_before(bouncing):
    losses = [bouncing.measures(0, step)["loss"] for step in range(61)]
    assert take(bouncing, Measure("rises", 1), 60) == sum(two > one for one, two in pairwise(losses)) == 16


def test_the_limit_times_the_condition_is_two_over_the_smallest_curvature(ravine):
    plan, lowest = ravine.race.runners[0].plan, ravine.landscape.minima["nll"]
    bends = torch.linalg.eigvalsh(plan.objective.hessian(lowest, plan.data))
    limit, condition = (take(ravine, Measure(kind, 1), 80) for kind in ("limit", "condition"))
    assert limit * condition == pytest.approx(2 / float(bends[0]))


@pytest.mark.parametrize("kind", list(MEASURES))
def test_every_measure_is_a_finite_number_or_nothing(kind):
    session = Session(read_link("data=outliers&optimizers=adam,lbfgs&batch=8&bias=1&l2=0.01"))
    session.go(12)
    for runner in range(4):
        found = take(session, Measure(kind, 1, runner, 1), 12)
        assert found is None or math.isfinite(found)


def test_what_never_came_is_less_than_nothing_and_more_than_everything():
    numbers = {"never": None, "soon": 3.0}
    assert Less("soon", "never", 1000).holds(numbers)
    assert not Less("never", "soon").holds(numbers)
    assert not Less("never", "never").holds(numbers)
    assert not Alike("never", "never").holds(numbers)
    assert not Alike("soon", "never").holds(numbers)
    assert not Within("never", 0, math.inf).holds(numbers)


def test_lessons_are_in_a_link_and_their_settings_are_its_silence():
    for name, lesson in LESSONS.items():
        assert write_link(read_link(f"lesson={name}")) == f"lesson={name}"
        assert Session(read_link(f"lesson={name}")).config == replace(
            read_link(lesson.steps[0].link), lesson=name
        )
        assert read_link(lesson.steps[0].link).optimizers == read_link(f"lesson={name}").optimizers
    assert read_link("lesson=xor&data=clouds").data == "clouds"
    assert read_link("lesson=").lesson == ""
    assert {entry.name for entry in read_link("lesson=nag").optimizers} <= set(OPTIMIZERS)


def test_adagrad_has_found_a_weight_only_near_the_best_one():
    numbers = {"best": 3.2, "descent": 0.5, "momentum": 0.7, "adam": 3.2, "later": 0.8}
    assert LESSONS["rare"].judge({**numbers, "adagrad": 3.2}) == "adagrad"
    assert LESSONS["rare"].judge({**numbers, "adagrad": 16.0}) != "adagrad"


def test_steps_that_did_not_shrink_are_not_called_shrunk():
    numbers = dict.fromkeys(LESSONS["brake_and_hum"].measures, 0.01) | {"rmsprop": 0.4, "adagrad": 0.02}
    assert LESSONS["brake_and_hum"].judge({**numbers, "adagrad_early": 0.03}) == "rmsprop"
    assert LESSONS["brake_and_hum"].judge({**numbers, "adagrad_early": 0.01}) != "rmsprop"
