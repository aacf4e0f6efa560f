"""Schedules by name: what is typed means what Python means, and what is left out comes from the training."""

import pytest

from soloneuron import assignment_data, fit, minimize
from soloneuron.cli.option_types import read_learning_rate
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.optimizers import Adam
from soloneuron.optimizers.catalogue import SCHEDULE_CLASSES, SCHEDULES
from soloneuron.optimizers.schedules import Constant, Cosine, OneCycle, StepDecay, WarmUp
from soloneuron.optimizers.written_schedules import schedule_of, written_schedule
from soloneuron.training.commands import command_of
from soloneuron.training.recipes import keywords_of
from soloneuron.training.scripts import python_of

SAME = {
    "cosine(0.1, 100)": Cosine(0.1, 100),
    "Cosine(rate=0.1, steps=100, floor=0.01)": Cosine(0.1, 100, 0.01),
    "warm_up(100) >> cosine(1000)": WarmUp(100) >> Cosine(1000),
    "0.1 * (warm_up(10) >> cosine(20))": 0.1 * (WarmUp(10) >> Cosine(20)),
    "0.1 * warm_up(10) >> cosine(0.1, 20)": 0.1 * WarmUp(10) >> Cosine(0.1, 20),
    "one_cycle(0.1, 30, rise=0.4) * 2": OneCycle(0.1, 30, rise=0.4) * 2,
    "step(0.5, every=7)": StepDecay(0.5, every=7),
    "warm_up(3) >> (warm_up(4) >> constant(1.0))": WarmUp(3) >> (WarmUp(4) >> Constant(1.0)),
    # What is left out: the method's own rate, the steps that are left, the rate where the one before ended.
    "cosine": Cosine(0.01, 50),
    "cosine(0.2)": Cosine(0.2, 50),
    "constant": Constant(0.01),
    "0.3 * cosine": 0.3 * Cosine(1.0, 50),
    "0.3 * warm_up(10) >> cosine": 0.3 * WarmUp(10) >> Cosine(0.3, 40),
    "warm_up(80) >> cosine": WarmUp(80) >> Cosine(1.0, 1),
}


@pytest.mark.parametrize("text", SAME)
def test_a_text_is_the_schedule_that_it_names_and_is_written_back(text):
    found = schedule_of(text, rate=0.01, steps=50)
    assert [found(t) for t in range(1, 120)] == [SAME[text](t) for t in range(1, 120)]
    assert schedule_of(str(written_schedule(found))) == found


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_name_of_the_catalogue_alone_is_a_schedule_of_the_whole_training(name):
    path = minimize("bowl", None, "momentum", 40, learning_rate=name)
    assert path.values[-1] < path.values[0]
    assert schedule_of(name, rate=0.1, steps=40)(40) <= 0.1


@pytest.mark.parametrize("name", SCHEDULE_CLASSES)
def test_its_name_in_python_says_the_same_alone_as_with_numbers(name):
    alone, other = (
        minimize("bowl", None, "momentum", 20, learning_rate=text) for text in (name, SCHEDULE_CLASSES[name])
    )
    assert alone.points.equal(other.points)
    assert read_learning_rate(name) == name
    assert read_learning_rate(f"{name}(0.1)") == f"{name}(0.1)"


def test_a_text_trains_as_the_schedule_does_everywhere():
    text, schedule = "0.5 * (warm_up(4) >> cosine(16))", 0.5 * (WarmUp(4) >> Cosine(16))
    one, other = (minimize("ravine", None, "adam", 20, learning_rate=rate) for rate in (text, schedule))
    assert one.points.equal(other.points)
    one, other = (
        fit(assignment_data(), epochs=10, batch_size=2, learning_rate=rate)
        for rate in ("cosine(0.5)", Cosine(0.5, 30))
    )
    assert one.theta.equal(other.theta)


def test_a_composed_schedule_is_in_the_recipe_the_command_and_the_script():
    run = fit(assignment_data(), optimizer="momentum", epochs=9, learning_rate="0.2 * warm_up(3) >> cosine")
    recipe = run.record.recipe
    assert recipe.learning_rate == "0.2 * warm_up(1.0, steps=3) >> cosine(0.2, steps=6)"
    assert fit(assignment_data(), **keywords_of(recipe)).theta.equal(run.theta)
    assert "--learning-rate '0.2 * warm_up(1.0, steps=3) >> cosine(0.2, steps=6)'" in command_of(recipe)
    assert "learning_rate='0.2 * warm_up" in python_of(recipe)


WRONG = {
    "cosin": "unknown schedule 'cosin': did you mean 'cosine'",
    "cosine(flor=1)": "unknown hyperparameter 'flor': did you mean 'floor'",
    "cosine(0.1, floor=0.2)": "floor must be <= 0.1",
    "cosine(-1)": "rate must be finite and > 0",
    "cosine(0.1, 2.5)": "steps must be a whole number >= 1",
    "one_cycle(0.1, rise=2)": "rise must be <= 1",
    "warm_up >> cosine": r"must have its steps, such as warm_up\(100\)",
    "constant(0.1) >> cosine": "a schedule with an end can be followed",
    "cosine * cosine": "multiplied by numbers",
    "0 * cosine": "multiplied by numbers",
    "warm_up(3) >> 3": "can be followed by another, got 3",
    **dict.fromkeys(
        (
            *(
                "",
                "cosine(",
                "0.1",
                "2 * 3",
                "cosine >> ",
                "cosine + cosine",
                "-cosine",
                "a\0b",
            ),
            *(
                "__import__('os')",
                "cosine(__import__('os'))",
                "cosine.steps",
                "cosine(True)",
                "(" * 400,
                "9" * 2000,
            ),
            *(
                "cosine(1, 2, 3, 4)",
                "cosine(0.1, rate=2)",
                "cosine(rate=1, rate=2)",
                "cosine(*[1])",
                "cosine('1')",
            ),
        ),
        "a schedule must be written like cosine",
    ),
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_schedule_is_said_in_one_sentence(text):
    with pytest.raises(InputError, match=WRONG[text]):
        schedule_of(text, rate=0.01, steps=50)


def test_a_rate_in_words_is_a_known_one():
    with pytest.raises(UnknownNameError, match="unknown learning rate 'atuo': did you mean 'auto'"):
        fit(assignment_data(), learning_rate="atuo")
    with pytest.raises(InputError, match=r"must be a number or 'auto', got '0\.1'"):
        minimize("bowl", learning_rate="0.1")
    with pytest.raises(InputError, match="given once"):
        minimize("bowl", None, Adam(learning_rate=0.1), learning_rate="cosine")
    with pytest.raises(InputError, match="must have its steps where the end"):
        schedule_of("cosine(0.1)")
