"""What a page may ask of its session; still without clock and network.

The controller answers a page's messages with JSON objects and frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from soloneuron.errors import MissingExtraError, SoloneuronError
from soloneuron.playground.config import MOST_STEPS, Config
from soloneuron.playground.frames import pack
from soloneuron.playground.inside import inside_json
from soloneuron.playground.judgement import status
from soloneuron.playground.lesson_progress import LessonProgress
from soloneuron.playground.link import read_link
from soloneuron.playground.messages import read_message
from soloneuron.playground.refusals import playground_error
from soloneuron.playground.runs import runs_of
from soloneuron.playground.session import Session
from soloneuron.playground.setup import command, python, setup
from soloneuron.records.run import RunRecord

Saver = Callable[[Mapping[str, RunRecord], str], str]
"""Makes one page of runs, in a language."""

Later = Callable[[], dict[str, Any]]
"""An answer that takes its time; whoever serves several pages gets it beside them."""

Reply = dict[str, Any] | bytes | Later

FRAMES = 60
"""Frames a second, at most."""

WINDOW = 3
"""Frames under way at once: a slow page gets fewer frames, never a queue of them."""

STRIDE = 32
"""Steps at a time on the way to a step that nobody has seen yet, so that other pages are not kept waiting."""

ANSWERS: dict[str, Callable[[Session, dict[str, Any]], Reply]] = {
    "python": lambda session, _: {"is": "copy", "what": "python", "text": python(session)},
    "command": lambda session, _: {"is": "copy", "what": "command", "text": command(session)},
    "inside": lambda session, message: {"is": "inside", **inside_json(session, *message["of"])},
}
"""What changes nothing: the run in other words, or a step from inside."""

PAGES = ("replay", "report")
"""The run as a page to keep."""


class Controller:
    """One page's session, and whether it plays.

    Args:
        savers: who makes a page of the race to keep, by the command that asks for it.

    Attributes:
        session: None until the first ``open`` succeeded.
        playing: whether the page wants steps.
        speed: steps a second.
        progress: the lesson that is taken, or None.
    """

    def __init__(self, savers: Mapping[str, Saver] | None = None) -> None:
        self.session: Session | None = None
        self.progress: LessonProgress | None = None
        self._savers = savers or {}
        self._lesson_sent: dict[str, Any] | None = None
        self.playing = False
        self.speed = 15
        self._until = MOST_STEPS
        self._hurry = False
        self._sent = self._seen = 0
        self._newest = -1

    @property
    def pace(self) -> float:
        """Frames a second that are wanted."""
        return FRAMES if self._hurry else min(self.speed, FRAMES)

    @property
    def stride(self) -> int:
        """Steps that the next frame takes."""
        return STRIDE if self._hurry else max(1, self.speed // FRAMES)

    @property
    def waiting(self) -> bool:
        """Whether the page has to acknowledge a frame before it gets the next."""
        return self._sent - self._seen >= WINDOW

    def handle(self, raw: str) -> list[Reply]:
        """Do what a message says.

        Args:
            raw: the message as it came.

        Returns:
            Answers in their order; one ``error`` if the message is wrong, and then nothing has changed.
        """
        try:
            message = self._read(raw)
            return self._with_lesson(self._do(message["do"], message))
        except SoloneuronError as fault:
            return [_refusal(fault)]

    def advance(self) -> list[Reply]:
        """Play on by one frame; the answers say so when the end is reached."""
        session = self.session
        if session is None or not self.playing:
            return []
        session.go(min(session.position + self.stride, self._until))
        if session.position >= self._until:
            frames = self._frames(every=self._hurry)
            self.playing = self._hurry = False
            return self._with_lesson([*frames, self._status()])
        return self._frames(every=self._hurry)

    def status_replies(self) -> list[Reply]:
        """What there is to say now and then while it plays."""
        return [] if self.session is None else [self._status()]

    def _read(self, raw: str) -> dict[str, Any]:
        message = read_message(raw)
        if self.session is None and message["do"] not in ("open", "speed"):
            raise playground_error("message.early")
        if message["do"] in ("play", "go", "lesson") and self.progress is not None:
            self.progress.must_be_predicted()
        return message

    def _do(self, what: str, message: dict[str, Any]) -> list[Reply]:
        if what == "open":
            return self._open(message["link"])
        if what in ("speed", "seen"):
            self._note(message)
            return []
        session = self.session
        assert session is not None
        if what in ("predict", "lesson"):
            return self._learn(what, message)
        if what in PAGES:
            return [partial(self._page, session, what, message["language"])]
        if what in ANSWERS:
            return [ANSWERS[what](session, message)]
        return self._move(session, what, message)

    def _move(self, session: Session, what: str, message: dict[str, Any]) -> list[Reply]:
        """Go, play, or pause."""
        if what == "go":
            return self._go(session, message["step"])
        self._until, self._hurry = message.get("until", 0), False
        self.playing = session.position < self._until
        return [self._status()]

    def _note(self, message: dict[str, Any]) -> None:
        """The page's speed, or its receipt for frames."""
        self.speed = message.get("speed", self.speed)
        self._seen = min(max(self._seen, message.get("frame", 0)), self._sent)

    def _open(self, link: str) -> list[Reply]:
        config = read_link(link)
        if link.lstrip("?") == f"lesson={config.lesson}":
            self.progress = None  # chosen from the list: it begins anew
        return self._show(config)

    def _show(self, config: Config) -> list[Reply]:
        """A new session; in a lesson nothing is shown before somebody said what will be."""
        session = Session(config)
        self.session, self._newest = session, -1
        if self.progress is None or self.progress.name != config.lesson:
            self.progress = LessonProgress(config.lesson) if config.lesson else None
        waits = self.progress is not None and self.progress.predicted is None
        return [{"is": "setup", **setup(session)}, *self._go(session, 0 if waits else config.step)]

    def _learn(self, what: str, message: dict[str, Any]) -> list[Reply]:
        """Note a prediction, or play a part of the lesson."""
        progress = self.progress
        if progress is None:
            raise playground_error("lesson.none")
        if what == "predict":
            progress.predict(message["choice"])
            return []
        if message["part"] >= len(progress.lesson.steps):
            raise playground_error("message.value", command=what, word="part")
        return self._part(progress, message["part"])

    def _part(self, progress: LessonProgress, part: int) -> list[Reply]:
        """Set the page to a step of the lesson, and play it; what was played already is gone on with."""
        assert self.session is not None
        step, config = progress.lesson.steps[part], progress.config(part)
        known = replace(self.session.config, step=0) == config and self.session.position < step.until
        progress.at = part
        replies = [] if known else self._show(config)
        self.speed, self._until, self._hurry, self.playing = step.speed, step.until, False, True
        return [*replies, self._status()]

    def _with_lesson(self, replies: list[Reply]) -> list[Reply]:
        """The replies, and the state of the lesson if it has changed."""
        if self.progress is not None and self.session is not None:
            self.progress.locate(self.session)
            self.progress.measure(self.session)
        now = None if self.progress is None else self.progress.described() | {"speed": self.speed}
        if now == self._lesson_sent:
            return replies
        self._lesson_sent = now
        return [*replies, {"is": "lesson", "lesson": now}]

    def _go(self, session: Session, step: int) -> list[Reply]:
        """Show a step; one that lies far beyond the recording is hurried to."""
        near = min(step, session.frame.recorded + STRIDE)
        session.go(near)
        self._until = step
        self.playing = self._hurry = near < step
        return [*self._frames(every=True), self._status()]

    def _page(self, session: Session, what: str, language: str) -> dict[str, Any]:
        """A page to keep of the race up to now."""
        try:
            if what not in self._savers:
                raise playground_error("save.unknown")
            page = self._savers[what](runs_of(session, language), language)
        except MissingExtraError as fault:
            return _refusal(playground_error("save.extra", extra=str(fault.fields["extra"])))
        except SoloneuronError as fault:
            return _refusal(fault)
        return {"is": "page", "what": what, "text": page}

    def _frames(self, *, every: bool) -> list[Reply]:
        """The frame of now, perhaps after those on the way to it that the page has not seen."""
        session = self.session
        assert session is not None
        now = session.position
        steps = [*range(self._newest + 1, now), now] if every else [now]
        self._newest = max(self._newest, now)
        self._sent += len(steps)
        return [pack(session.frame_at(step)) for step in steps]

    def _status(self) -> dict[str, Any]:
        assert self.session is not None
        return {"is": "status", "playing": self.playing, **status(self.session)}


def _refusal(fault: SoloneuronError) -> dict[str, Any]:
    return {"is": "error", "code": fault.code, "fields": _plain(fault.fields), "message": str(fault)}


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if isinstance(value, str | int | float)}
