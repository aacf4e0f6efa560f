"""Taking a lesson at a page: predict first, play, and the answer is that of what was really played."""

import json

import pytest

from soloneuron.playground.controller import Controller
from soloneuron.playground.frames import unpack
from soloneuron.playground.lessons import LESSONS

NAME = "autograd"
"""A short lesson: its parts have one step each."""


def ask(controller, **message):
    return controller.handle(json.dumps(message))


def lesson_in(replies):
    """The state of the lesson that was told, if it was."""
    told = [reply["lesson"] for reply in replies if isinstance(reply, dict) and reply["is"] == "lesson"]
    return told[-1] if told else "nothing new"


def play_out(controller):
    """All frames until the controller rests; the last state of the lesson that was told."""
    replies = []
    while controller.playing:
        replies += controller.advance()
    return replies


def part(controller, number):
    return lesson_in([*ask(controller, do="lesson", part=number), *play_out(controller)])


@pytest.fixture
def controller():
    made = Controller()
    ask(made, do="open", link=f"lesson={NAME}")
    return made


def test_a_lesson_in_the_link_is_told_with_its_choices():
    told = lesson_in(ask(Controller(), do="open", link=f"lesson={NAME}"))
    assert told["name"] == NAME
    assert told["choices"] == list(LESSONS[NAME].answers)
    assert (told["predicted"], told["at"], told["answer"]) == (None, 0, None)
    assert [step["open"] for step in told["steps"]] == ["inside", "", ""]
    json.dumps(told, allow_nan=False)


def test_without_a_lesson_there_is_nothing_to_tell():
    assert lesson_in(ask(Controller(), do="open", link="")) == "nothing new"


@pytest.mark.parametrize(
    "message", [{"do": "play", "until": 9}, {"do": "go", "step": 1}, {"do": "lesson", "part": 0}]
)
def test_nothing_is_played_before_somebody_said_what_will_be(controller, message):
    (said,) = ask(controller, **message)
    assert said["code"] == "playground.lesson.predict"
    assert controller.session.position == 0
    assert not controller.playing


def test_the_step_of_a_link_is_not_shown_before_somebody_said_what_will_be():
    controller = Controller()
    ask(controller, do="open", link="lesson=xor&step=50")
    assert controller.session.position == 0


@pytest.mark.parametrize("choice", ["skipped", *LESSONS[NAME].answers])
def test_after_a_prediction_or_without_one_the_lesson_plays_to_its_answer(controller, choice):
    assert lesson_in(ask(controller, do="predict", choice=choice))["predicted"] == choice
    for number in range(3):
        told = part(controller, number)
        assert [step["done"] for step in told["steps"]] == [place <= number for place in range(3)]
    assert told["answer"]["code"] == "one"
    assert told["answer"]["right"] == {"skipped": None, "one": True}.get(choice, False)


def test_a_prediction_can_be_changed_until_the_answer_is_known(controller):
    ask(controller, do="predict", choice="two")
    assert lesson_in(ask(controller, do="predict", choice="half"))["predicted"] == "half"
    for number in range(3):
        part(controller, number)
    assert lesson_in(ask(controller, do="predict", choice="one")) == "nothing new"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"do": "predict", "choice": "seven"}, "message.value"),
        ({"do": "predict", "choice": 1}, "message.value"),
        ({"do": "predict"}, "message.words"),
        ({"do": "lesson", "part": 3}, "message.value"),
        ({"do": "lesson", "part": -1}, "message.value"),
        ({"do": "open", "link": "lesson=chess"}, "choice"),
        ({"do": "open", "link": "lesson=xor&lesson=nag"}, "twice"),
    ],
)
def test_a_wrong_message_is_named_and_the_lesson_stays(controller, message, code):
    ask(controller, do="predict", choice="two")
    before = controller.session, controller.progress, controller.playing
    (said,) = ask(controller, **message)
    assert said["code"] == f"playground.{code}"
    assert (controller.session, controller.progress, controller.playing) == before


@pytest.mark.parametrize("message", [{"do": "predict", "choice": "one"}, {"do": "lesson", "part": 0}])
def test_outside_a_lesson_there_is_nothing_to_learn(message):
    controller = Controller()
    ask(controller, do="open", link="")
    (said,) = ask(controller, **message)
    assert said["code"] == "playground.lesson.none"


def test_settings_that_are_not_the_lessons_do_not_count(controller):
    ask(controller, do="predict", choice="one")
    for number in range(2):
        part(controller, number)
    told = lesson_in(ask(controller, do="open", link=f"lesson={NAME}&optimizers=gradient_descent:9"))
    assert told["at"] is None
    assert told["predicted"] == "one"
    told = lesson_in(ask(controller, do="go", step=5))
    assert told == "nothing new"
    told = part(controller, 2)
    assert told["at"] == 2
    assert told["answer"]["code"] == "one"


def test_setting_the_page_by_hand_to_a_part_counts_as_that_part(controller):
    ask(controller, do="predict", choice="one")
    told = lesson_in(ask(controller, do="open", link=f"lesson={NAME}&loss=nll,mse"))
    assert told["at"] == 1
    assert lesson_in(ask(controller, do="go", step=1))["steps"][1]["done"]


def test_parts_with_the_same_settings_are_one_run():
    controller = Controller()
    ask(controller, do="open", link="lesson=separable")
    ask(controller, do="predict", choice="skipped")
    part(controller, 0)
    session = controller.session
    ask(controller, do="lesson", part=1)
    assert controller.session is session
    assert controller.session.position == LESSONS["separable"].steps[0].until


def test_a_part_that_was_played_can_be_played_again_from_its_start(controller):
    ask(controller, do="predict", choice="one")
    part(controller, 0)
    replies = [*ask(controller, do="lesson", part=0), *play_out(controller)]
    assert [unpack(reply).step for reply in replies if isinstance(reply, bytes)] == [0, 1]


def test_leaving_a_lesson_is_told_once(controller):
    assert lesson_in(ask(controller, do="open", link="data=xor")) is None
    assert lesson_in(ask(controller, do="open", link="data=clouds")) == "nothing new"


def test_another_lesson_begins_without_a_prediction(controller):
    ask(controller, do="predict", choice="one")
    assert lesson_in(ask(controller, do="open", link="lesson=xor"))["predicted"] is None


def test_a_lesson_sets_its_own_speed_and_a_person_another(controller):
    ask(controller, do="predict", choice="one")
    assert lesson_in(ask(controller, do="lesson", part=0))["speed"] == LESSONS[NAME].steps[0].speed
    assert lesson_in(ask(controller, do="speed", speed=960))["speed"] == 960


def test_playing_past_the_end_of_a_part_ends_the_part_too():
    controller = Controller()
    ask(controller, do="open", link="lesson=why_nll")
    ask(controller, do="predict", choice="nll")
    ask(controller, do="play", until=40)
    play_out(controller)
    first = LESSONS["why_nll"].steps[0]
    assert first.until < controller.session.position
    assert controller.progress.described()["steps"][0]["done"]


def test_a_lesson_chosen_from_the_list_again_begins_anew(controller):
    ask(controller, do="predict", choice="skipped")
    part(controller, 0)
    told = lesson_in(ask(controller, do="open", link=f"lesson={NAME}"))
    assert told["predicted"] is None
    assert not any(step["done"] for step in told["steps"])
