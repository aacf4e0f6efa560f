"""The controller: messages are checked word by word, and a wrong one changes nothing."""

import json

import pytest

from soloneuron.errors import MissingExtraError
from soloneuron.playground.config import MOST_STEPS
from soloneuron.playground.controller import STRIDE, WINDOW, Controller
from soloneuron.playground.frames import unpack
from soloneuron.playground.messages import SPEEDS


def ask(controller, **message):
    return controller.handle(json.dumps(message))


@pytest.fixture
def controller():
    made = Controller()
    ask(made, do="open", link="loss=nll")
    ask(made, do="seen", frame=1)
    return made


def steps(replies):
    return [unpack(reply).step for reply in replies if isinstance(reply, bytes)]


def test_opening_answers_with_setup_frame_and_status():
    said = ask(Controller(), do="open", link="")
    assert [reply["is"] if isinstance(reply, dict) else "frame" for reply in said] == [
        "setup",
        "frame",
        "status",
    ]
    setup = said[0]
    assert setup["link"] == ""
    assert len(setup["data"]["y"]) == 300
    json.dumps(said[0], allow_nan=False)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("{", "json"),
        ("[" * 100_000, "json"),
        ("[]", "unknown"),
        ("{}", "unknown"),
        ('{"do": "explode"}', "unknown"),
        ('{"do": ["open"]}', "unknown"),
        ('{"do": "go"}', "words"),
        ('{"do": "pause", "step": 1}', "words"),
        ('{"do": "go", "step": -1}', "value"),
        ('{"do": "go", "step": 1e3}', "value"),
        ('{"do": "go", "step": true}', "value"),
        ('{"do": "go", "step": 10001}', "value"),
        ('{"do": "speed", "speed": 7}', "value"),
        ('{"do": "open", "link": 7}', "value"),
        ('{"do": "seen", "frame": -5}', "value"),
    ],
)
def test_a_wrong_message_is_named_and_changes_nothing(controller, raw, code):
    before = controller.session, controller.session.position, controller.playing, controller.speed
    (said,) = controller.handle(raw)
    assert said["is"] == "error"
    assert said["code"] == f"playground.message.{code}"
    assert (controller.session, controller.session.position, controller.playing, controller.speed) == before


def test_nothing_can_be_asked_before_a_link_is_open():
    (said,) = ask(Controller(), do="go", step=1)
    assert said["code"] == "playground.message.early"


def test_a_link_with_nonsense_leaves_the_last_good_session(controller):
    before = controller.session
    (said,) = ask(controller, do="open", link="data=own&points=1,1,0")
    assert said["code"] == "playground.points.one_class"
    assert controller.session is before


def test_playing_goes_one_step_a_frame_and_stops_where_it_was_told(controller):
    ask(controller, do="play", until=3)
    shown = []
    while controller.playing:
        shown += steps(controller.advance())
    assert shown == [1, 2, 3]


def test_playing_fast_takes_several_steps_a_frame(controller):
    ask(controller, do="speed", speed=SPEEDS[-1])
    ask(controller, do="play", until=MOST_STEPS)
    assert steps(controller.advance()) == [16]


def test_a_page_that_acknowledges_nothing_gets_no_queue(controller):
    ask(controller, do="play", until=MOST_STEPS)
    for _ in range(WINDOW):
        assert not controller.waiting
        controller.advance()
    assert controller.waiting
    ask(controller, do="seen", frame=WINDOW)
    assert not controller.waiting


def test_a_page_cannot_acknowledge_what_was_never_sent(controller):
    ask(controller, do="seen", frame=2**50)
    ask(controller, do="play", until=MOST_STEPS)
    for _ in range(WINDOW):
        controller.advance()
    assert controller.waiting


def test_a_far_step_is_hurried_to_and_every_frame_on_the_way_is_shown(controller):
    target = 3 * STRIDE + 7
    shown = steps(ask(controller, do="go", step=target))
    assert controller.playing
    while controller.playing:
        shown += steps(controller.advance())
    assert shown == list(range(1, target + 1))


def test_stepping_back_shows_one_frame_and_pauses(controller):
    ask(controller, do="go", step=9)
    ask(controller, do="play", until=MOST_STEPS)
    assert steps(ask(controller, do="go", step=8)) == [8]
    assert not controller.playing


def page_of(controller, what="replay", language="en"):
    (later,) = ask(controller, do=what, language=language)
    return later()


def test_a_page_to_keep_is_made_of_the_runs_up_to_now_in_the_pages_language():
    made = Controller(
        {"replay": lambda runs, language: f"{language} {list(runs)} {len(runs['SGD'].history.theta)}"}
    )
    ask(made, do="open", link="loss=nll&step=4")
    assert page_of(made, language="ru") == {"is": "page", "what": "replay", "text": "ru ['SGD'] 5"}


def test_a_page_that_cannot_be_made_is_a_sentence():
    def lacking(*_):
        raise MissingExtraError("drawing", "report")

    made = Controller({"report": lacking})
    ask(made, do="open", link="loss=nll")
    assert page_of(made, "replay")["code"] == "playground.save.unknown"
    assert page_of(made, "report")["code"] == "playground.save.early"
    ask(made, do="go", step=1)
    told = page_of(made, "report")
    assert (told["code"], told["fields"]) == ("playground.save.extra", {"extra": "report"})
    assert "pip install 'soloneuron[report]'" in told["message"]


@pytest.mark.parametrize("message", [{"language": "de"}, {"language": 1}, {"language": ["en"]}])
def test_a_page_is_asked_for_in_a_known_language(controller, message):
    (told,) = ask(controller, do="replay", **message)
    assert told["code"] == "playground.message.value"
