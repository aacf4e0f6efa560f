"""The worker: loads one homework, runs trials on its objects, and answers with plain numbers."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from typing import Any

from soloneuron.checking.cells import ADAPTER, CodeCell
from soloneuron.checking.exchange import CheckTrial, Description, ForbiddenUse
from soloneuron.checking.isolation.careful import without_calls
from soloneuron.checking.isolation.frames import ChannelBrokenError, frame, read_frame
from soloneuron.checking.student.discovery import DirectSubject, discover
from soloneuron.checking.student.loading import Loaded, load, others_of

ByteWriter = Callable[[bytes], Any]
ByteReader = Callable[[int], bytes]


class Homework:
    """What the worker knows: the objects that were found."""

    def __init__(self) -> None:
        self.subjects: list[DirectSubject] = []

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What is said to a message: ``load`` or ``run``."""
        if "load" in message:
            with without_calls() if message["careful"] else nullcontext():
                return self.load(message["load"], message.get("task"), message.get("name"))
        trial = CheckTrial.of_data(message["trial"])
        answer: dict[str, Any] = self.subjects[message["run"]].run(trial).as_data()
        return answer

    def load(self, cells: list[dict[str, str]], task: str | None, name: str | None) -> dict[str, Any]:
        """Execute the cells and find what can be checked among their names."""
        loaded = load([CodeCell(**one) for one in cells])
        own = {key: held for key, held in loaded.names.items() if key not in ("__builtins__",)}
        self.subjects = most_general(discover(own, task=task, name=name), loaded)
        return {
            "found": [
                {"fit": one.fit, "description": placed(one.description, loaded).as_data()}
                for one in self.subjects
            ],
            "names": sorted(loaded.places),
            "troubles": [asdict(one) for one in loaded.troubles],
            "missing": loaded.missing,
        }


def most_general(subjects: list[DirectSubject], loaded: Loaded) -> list[DirectSubject]:
    """Without parts of others: nodes for a sum beside the class of nodes, and bases that are left unfinished.

    A class of an adapter stays, and so does every optimizer of a family.
    """
    held = {one.description.name: loaded.names.get(one.description.name) for one in subjects}
    classes = [one for one in held.values() if isinstance(one, type)]
    kept = []
    for one in subjects:
        name, own = one.description.name, held[one.description.name]
        if isinstance(own, type) and ADAPTER not in loaded.places.get(name, [])[-1:]:
            derived = any(own is not other and issubclass(own, other) for other in classes)
            base = any(own is not other and issubclass(other, own) for other in classes)
            if (derived and one.description.task == "element") or (base and _is_unfinished(own)):
                continue
        kept.append(one)
    return kept


def _is_unfinished(own: type) -> bool:
    """Whether a method of a class is left to others."""
    codes = [getattr(member, "__code__", None) for member in vars(own).values()]
    return any(code is not None and "NotImplementedError" in code.co_names for code in codes)


def placed(description: Description, loaded: Loaded) -> Description:
    """With the cell in which it is defined, and those in which it was defined before."""
    places = loaded.places.get(description.name, [])
    if not places or not places[-1]:
        return description
    forbidden = tuple(
        ForbiddenUse(one.tool, one.line, one.text, one.place or places[-1]) for one in description.forbidden
    )
    others = list(others_of(loaded.places, description.name))
    extra = {**description.extra, "others": others} if others else description.extra
    return replace(description, place=places[-1], forbidden=forbidden, extra=extra)


def end_children() -> None:
    """Kill what a trial has left behind; alone in its namespace this process sees nothing else."""
    if os.getpid() == 1:
        with suppress(OSError):
            os.kill(-1, signal.SIGKILL)


def answer_messages(read: ByteReader, write: ByteWriter, guards: tuple[str, ...]) -> None:
    """Say which guards are on, then answer until the other side has gone; does not return.

    Args:
        read: bytes of the channel.
        write: sends bytes whole.
        guards: what is on.
    """
    homework, getpid, end = Homework(), os.getpid, os._exit
    own = getpid()
    random.seed(0)
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody else buries them
    try:
        write(frame({"guards": list(guards)}))
        while True:
            message = read_frame(read)
            token = message.pop("token")
            try:
                answer = homework.answer(message)
            except BaseException as fault:
                answer = {"broken": type(fault).__name__}
            if getpid() != own:  # the homework forked: one of them goes on
                end(0)
            end_children()
            write(frame({"token": token, "answer": answer}))
    except (ChannelBrokenError, OSError):
        pass
    finally:
        end(0)
