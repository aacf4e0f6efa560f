"""A worker that hangs, dies or talks nonsense is replaced, and the questions after it are answered."""

import time

import pytest

from homework_workers import WorkersHere
from soloneuron.checking import session as sessions
from soloneuron.checking.cells import CodeCell
from soloneuron.checking.exchange import CheckTrial
from soloneuron.checking.isolation.frames import (
    MOST_MESSAGE_BYTES,
    ChannelBrokenError,
    ChannelSilentError,
    frame,
    read_frame,
)
from soloneuron.checking.session import MOST_WORKERS, HomeworkSession, SessionSubject
from soloneuron.checking.workers import environment, python_words

CLASS = """
class Value:
    def __init__(self, data):
        self.data, self.grad, self.back = data, 0, lambda: None
    def __add__(self, other):
        return self.made(self.data + other.data, [(self, 1), (other, 1)])
    def __mul__(self, other):
        return self.made(self.data * other.data, [(self, other.data), (other, self.data)])
    def relu(self):
        return self.made(max(0, self.data), [(self, float(self.data > 0))])
    def made(self, data, parts):
        out = Value(data)
        def back():
            for one, slope in parts:
                one.grad += slope * out.grad
                one.back()
        out.back = back
        return out
    def backward(self):
        self.grad = 1
        self.back()
"""
SQUARE = CheckTrial("element", "a = Element(3); x = a*a; x.backward()", ("a.grad",))


def session(*faults, seconds=20.0):
    return HomeworkSession(WorkersHere(*faults), [CodeCell("", CLASS, "hw.py")], seconds)


def test_an_object_is_loaded_and_answers():
    with session() as one:
        (found,) = one.load().found
        subject = SessionSubject(one, found)
        assert subject.description.name == "Value"
        assert subject.run(SQUARE).values == {"a.grad": 6}
        assert one.guards == ("files",)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (ChannelSilentError(), "Timeout"),
        (ChannelBrokenError("gone"), "Died"),
        ({"token": "0", "answer": 3}, "Died"),
        ("nonsense", "Died"),
    ],
)
def test_after_a_hang_or_a_death_the_next_question_is_answered(fault, kind):
    with session(None, fault) as one:
        one.load()
        assert one.run(0, SQUARE).fault.kind == kind
        assert one.run(0, SQUARE).values == {"a.grad": 6}
        assert one.workers.begun == 2
        assert one.workers.sent.count("killed") == 1


def test_an_answer_to_an_old_question_is_passed_over():
    with session(None, "stale") as one:
        one.load()
        assert one.run(0, SQUARE).values == {"a.grad": 6}


def test_a_malformed_answer_is_a_death():
    with session(None) as one:
        one.load()
        one.worker.homework.answer = lambda _: {"values": 3}
        assert one.run(0, SQUARE).fault.kind == "Died"


def test_loading_that_dies_is_tried_once_more_without_programs():
    with session(ChannelBrokenError("gone")) as one:
        assert one.load().found
        asked = [message["careful"] for message in one.workers.sent if isinstance(message, dict)]
        assert asked == [False, True]


@pytest.mark.parametrize(("fault", "ended"), [(ChannelSilentError, "Timeout"), (ChannelBrokenError, "Died")])
def test_loading_that_always_dies_ends(fault, ended):
    with session(*(fault("gone") for _ in range(9))) as one:
        assert one.load().ended == ended


def test_a_homework_that_always_dies_is_asked_no_more():
    with session(None, *(ChannelBrokenError("gone") for _ in range(99))) as one:
        one.load()
        kinds = [one.run(0, SQUARE).fault.kind for _ in range(20)]
        assert one.workers.begun <= MOST_WORKERS + 1
        assert kinds[-1] == "Timeout"


def test_after_its_time_nothing_is_asked(monkeypatch):
    with session(seconds=5.0) as one:
        one.load()
        now = time.monotonic()
        monkeypatch.setattr(sessions.time, "monotonic", lambda: now + 6)
        asked = len(one.workers.sent)
        assert one.run(0, SQUARE).fault.kind == "Timeout"
        assert len(one.workers.sent) == asked


def test_the_folder_of_a_worker_is_removed_even_if_it_was_locked(tmp_path):
    inner = tmp_path / "work" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    inner.chmod(0)
    sessions._remove(str(tmp_path / "work"))
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    "came",
    [
        b"",
        b"\0\0",
        b"\0\0\0\5{",
        b"\xff\xff\xff\xff",
        b"\0\0\0\2{}"[:5],
        b"\0\0\0\1x",
        b"\0\0\xff\xff" + b"[" * 65535,
    ],
)
def test_what_is_no_message_breaks_the_channel(came):
    parts = [came[at : at + 7] for at in range(0, len(came), 7)]
    with pytest.raises(ChannelBrokenError):
        read_frame(lambda _: parts.pop(0) if parts else b"")


def test_a_message_arrives_as_it_was_sent():
    message = {"values": {"a": [1.5, float("inf"), None, "слово"]}}
    words = frame(message)
    parts = [words[at : at + 3] for at in range(0, len(words), 3)]

    def read(most):
        part, rest = parts[0][:most], parts[0][most:]
        parts[:1] = [rest] if rest else []
        return part

    assert read_frame(read) == message
    assert len(words) < MOST_MESSAGE_BYTES


def test_a_worker_begins_with_nothing_of_the_environment(monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    begun = environment()
    assert "SECRET" not in begun
    assert begun["PYTHONHASHSEED"] == "0"
    assert python_words("one_worker", "folder", "20")[-2:] == ["folder", "20"]
