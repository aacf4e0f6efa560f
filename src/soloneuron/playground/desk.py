"""What a page may ask of its session, checked word by word; still without clock and network.

A page sends JSON objects with ``do`` and perhaps one more word. The desk answers with JSON objects
and frames.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from soloneuron.errors import MissingExtraError, SoloneuronError
from soloneuron.playground.config import MOST_STEPS, read_link, refused
from soloneuron.playground.frames import pack
from soloneuron.playground.judgement import status
from soloneuron.playground.runs import runs_of
from soloneuron.playground.session import Session
from soloneuron.playground.setup import command, python, setup
from soloneuron.records.run import Run
from soloneuron.texts import LANGUAGES

Saver = Callable[[Mapping[str, Run], str], str]
"""Makes one page of runs, in a language."""

Later = Callable[[], dict[str, Any]]
"""An answer that takes its time; whoever serves several pages gets it beside them."""

Reply = dict[str, Any] | bytes | Later

SPEEDS = (5, 15, 60, 240, 960)
"""Steps a second; more than 60 are shown several to a frame."""

FRAMES = 60
"""Frames a second, at most."""

WINDOW = 3
"""Frames under way at once: a slow page gets fewer frames, never a queue of them."""

STRIDE = 32
"""Steps at a time on the way to a step that nobody has seen yet, so that other pages are not kept waiting."""

WORDS = {
    "open": "link", "play": "until", "pause": None, "go": "step", "speed": "speed", "seen": "frame",
    "python": None, "command": None, "replay": "language", "report": "language",
}  # fmt: skip

COPIES = {"python": python, "command": command}
"""The run in other words."""

PAGES = ("replay", "report")
"""The run as a page to keep."""


class Desk:
    """One page's session, and whether it plays.

    Args:
        savers: who makes a page of the race to keep, by the command that asks for it.

    Attributes:
        session: None until the first ``open`` succeeded.
        playing: whether the page wants steps.
        speed: steps a second.
    """

    def __init__(self, savers: Mapping[str, Saver] | None = None) -> None:
        self.session: Session | None = None
        self._savers = savers or {}
        self.playing = False
        self.speed = 15
        self._until = MOST_STEPS
        self._hurry = False
        self._sent = self._seen = 0
        self._told = -1

    @property
    def pace(self) -> float:
        """Frames a second that are wanted."""
        return FRAMES if self._hurry else min(self.speed, FRAMES)

    @property
    def waiting(self) -> bool:
        """Whether the page has to acknowledge a frame before it gets the next."""
        return self._sent - self._seen >= WINDOW

    def obey(self, raw: str) -> list[Reply]:
        """Do what a message says.

        Args:
            raw: the message as it came.

        Returns:
            Answers in their order; one ``error`` if the message is wrong, and then nothing has changed.
        """
        try:
            message = self._read(raw)
            return self._do(message["do"], message)
        except SoloneuronError as fault:
            return [_refusal(fault)]

    def advance(self) -> list[Reply]:
        """Play on by one frame; the answers say so when the end is reached."""
        session = self.session
        if session is None or not self.playing:
            return []
        stride = STRIDE if self._hurry else max(1, self.speed // FRAMES)
        session.go(min(session.position + stride, self._until))
        if session.position >= self._until:
            frames = self._frames(every=self._hurry)
            self.playing = self._hurry = False
            return [*frames, self._status()]
        return self._frames(every=self._hurry)

    def tell(self) -> list[Reply]:
        """What there is to say now and then."""
        return [] if self.session is None else [self._status()]

    def _read(self, raw: str) -> dict[str, Any]:
        try:
            message = json.loads(raw)
        except (ValueError, RecursionError):
            raise refused("message.json") from None
        if not isinstance(message, dict) or message.get("do") not in list(WORDS):
            raise refused("message.unknown")
        more = WORDS[message["do"]]
        if set(message) - {"do"} != ({more} if more else set()):
            raise refused("message.words", command=message["do"])
        if more is not None and not _fits(more, message[more]):
            raise refused("message.value", command=message["do"], word=more)
        if self.session is None and message["do"] not in ("open", "speed"):
            raise refused("message.early")
        return message

    def _do(self, what: str, message: dict[str, Any]) -> list[Reply]:
        if what == "open":
            return self._open(message["link"])
        if what == "speed":
            self.speed = message["speed"]
            return []
        session = self.session
        assert session is not None
        if what in PAGES:
            return [partial(self._page, session, what, message["language"])]
        if what in COPIES:
            return [{"is": "copy", "what": what, "text": COPIES[what](session)}]
        return self._move(session, what, message)

    def _move(self, session: Session, what: str, message: dict[str, Any]) -> list[Reply]:
        """Go, play, pause; or hear that frames were seen."""
        if what == "go":
            return self._go(session, message["step"])
        if what == "seen":
            self._seen = min(max(self._seen, message["frame"]), self._sent)
            return []
        self._until, self._hurry = message.get("until", 0), False
        self.playing = session.position < self._until
        return [self._status()]

    def _open(self, link: str) -> list[Reply]:
        session = Session(read_link(link))
        self.session, self._told = session, -1
        return [{"is": "setup", **setup(session)}, *self._go(session, session.config.step)]

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
                raise refused("save.unknown")
            page = self._savers[what](runs_of(session, language), language)
        except MissingExtraError as fault:
            return _refusal(refused("save.extra", extra=str(fault.fields["extra"])))
        except SoloneuronError as fault:
            return _refusal(fault)
        return {"is": "page", "what": what, "text": page}

    def _frames(self, *, every: bool) -> list[Reply]:
        """The frame of now, perhaps after those on the way to it that the page has not seen."""
        session = self.session
        assert session is not None
        now = session.position
        steps = [*range(self._told + 1, now), now] if every else [now]
        self._told = max(self._told, now)
        self._sent += len(steps)
        return [pack(session.frame_at(step)) for step in steps]

    def _status(self) -> dict[str, Any]:
        assert self.session is not None
        return {"is": "status", "playing": self.playing, **status(self.session)}


def _fits(word: str, value: object) -> bool:
    if word == "link":
        return isinstance(value, str)
    if word == "language":
        return value in LANGUAGES
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return value in SPEEDS if word == "speed" else 0 <= value <= (2**53 if word == "frame" else MOST_STEPS)


def _refusal(fault: SoloneuronError) -> dict[str, Any]:
    return {"is": "error", "code": fault.code, "fields": _plain(fault.fields), "message": str(fault)}


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if isinstance(value, str | int | float)}
