"""The worker: loads one homework, runs trials on its objects, and answers with plain numbers."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from soloneuron.checking.cells import Cell
from soloneuron.checking.exchange import Description, ForbiddenUse, Trial
from soloneuron.checking.isolation.frames import ChannelBrokenError, frame, read_frame
from soloneuron.checking.student.discovery import DirectSubject, discover
from soloneuron.checking.student.loading import Loaded, load, others_of

Writer = Callable[[bytes], Any]
Reader = Callable[[int], bytes]


class Homework:
    """What the worker knows: the objects that were found."""

    def __init__(self) -> None:
        self.subjects: list[DirectSubject] = []

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What is said to a message: ``load`` or ``run``."""
        if "load" in message:
            return self.load(message["load"], message.get("task"), message.get("name"))
        trial = Trial.of_data(message["trial"])
        return self.subjects[message["run"]].run(trial).as_data()

    def load(self, cells: list[dict[str, str]], task: str | None, name: str | None) -> dict[str, Any]:
        """Execute the cells and find what can be checked among their names."""
        loaded = load([Cell(**one) for one in cells])
        own = {key: held for key, held in loaded.names.items() if key not in ("__builtins__",)}
        self.subjects = discover(own, task=task, name=name)
        return {
            "found": [
                {"fit": one.fit, "description": placed(one.description, loaded).as_data()}
                for one in self.subjects
            ],
            "names": sorted(loaded.places),
            "troubles": [asdict(one) for one in loaded.troubles],
            "missing": loaded.missing,
        }


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


def serve(read: Reader, write: Writer, guards: tuple[str, ...]) -> None:
    """Say which guards are on, then answer until the other side has gone; does not return.

    Args:
        read: bytes of the channel.
        write: sends bytes whole.
        guards: what is on.
    """
    homework = Homework()
    random.seed(0)
    try:
        write(frame({"guards": list(guards)}))
        while True:
            message = read_frame(read)
            token = message.pop("token")
            try:
                answer = homework.answer(message)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as fault:  # noqa: BLE001
                answer = {"broken": f"{type(fault).__name__}: {fault}"[:300]}
            write(frame({"token": token, "answer": answer}))
    except (ChannelBrokenError, OSError):
        pass
    finally:
        os._exit(0)
