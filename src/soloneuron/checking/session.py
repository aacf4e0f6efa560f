"""One homework behind its guards: its objects answer trials, and what hangs or dies is begun anew."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from soloneuron.checking.cells import CodeCell, Trouble
from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Description, Fault
from soloneuron.checking.isolation.frames import ChannelBrokenError, ChannelSilentError
from soloneuron.checking.workers import WARM_SECONDS, HomeworkWorkers, Worker

MOST_WORKERS = 8
"""A homework that needs more than so many, because each hung or died, is asked nothing more."""

GRACE = 1.0
"""Seconds in which a worker can still stop a trial by itself before it is killed."""


@dataclass(frozen=True)
class Found:
    """An object of the homework that can be checked.

    Args:
        index: its number for the worker.
        fit: how well it fits its task.
        description: what it is.
    """

    index: int
    fit: int
    description: Description


@dataclass(frozen=True)
class Contents:
    """What the homework holds.

    Args:
        found: what can be checked.
        names: of all functions and classes that were executed.
        troubles: what could not be executed.
        missing: libraries that are not there.
        ended: how loading ended early: ``"Timeout"`` or ``"Died"``; nothing where it did not.
    """

    found: tuple[Found, ...] = ()
    names: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    missing: tuple[str, ...] = ()
    ended: str = ""


class HomeworkSession:
    """The conversation with the worker of one homework; a context manager.

    Args:
        workers: start workers.
        cells: the homework.
        seconds: for all of it; what is asked later is answered with a fault of the kind ``"Timeout"``.
    """

    def __init__(self, workers: HomeworkWorkers, cells: Sequence[CodeCell], seconds: float = 20.0) -> None:
        self.workers, self.cells, self.seconds = workers, tuple(cells), seconds
        self.deadline = time.monotonic() + seconds
        self.guards: tuple[str, ...] = ()
        self.asked: dict[str, Any] = {}
        self.worker: Worker | None = None
        self.folder = ""
        self.begun = 0

    def __enter__(self) -> HomeworkSession:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._end()

    def load(self, task: str | None = None, name: str | None = None) -> Contents:
        """Execute the homework, and tell what it holds.

        Args:
            task: look for this one only.
            name: of the object; None takes all that fit.
        """
        cells = [asdict(cell) for cell in self.cells]
        ended = "Died"
        for careful in (False, True):
            self.asked = {"load": cells, "task": task, "name": name, "careful": careful}
            try:
                return _contents(self._begin())
            except ChannelSilentError:
                ended = "Timeout"
            except (ChannelBrokenError, KeyError, TypeError, ValueError):
                ended = "Died"
            self._end()
            if not self._is_in_time():
                break
        return Contents(ended=ended)

    def run(self, index: int, trial: CheckTrial) -> CheckAnswer:
        """Run a trial on an object; a worker that hangs or dies is replaced."""
        if not self._is_in_time():
            return CheckAnswer(fault=Fault("Timeout", f"{self.seconds:g}"))
        try:
            if self.worker is None:
                self._begin()
            allowed = trial.seconds * max(1, trial.repeats) + GRACE
            return CheckAnswer.of_data(self._ask({"run": index, "trial": trial.as_data()}, allowed))
        except ChannelSilentError:
            fault = Fault("Timeout", f"{trial.seconds:g}")
        except (ChannelBrokenError, KeyError, TypeError, ValueError, AttributeError):
            fault = Fault("Died", "the code ended its process")
        self._end()
        return CheckAnswer(fault=fault)

    def _is_in_time(self) -> bool:
        return time.monotonic() < self.deadline and self.begun <= MOST_WORKERS

    def _begin(self) -> Any:
        """Start a worker, and load the homework in it."""
        self._end()
        self.begun += 1
        self.folder = tempfile.mkdtemp(prefix="soloneuron-check-")
        self.worker = self.workers.start(self.folder, int(self.seconds) + 5)
        self.guards = tuple(str(one) for one in self.worker.receive(WARM_SECONDS)["guards"])
        if self.begun == 1:  # the start of Python is not the homework's
            self.deadline = time.monotonic() + self.seconds
        return self._ask(self.asked, self.seconds / 2)

    def _ask(self, message: dict[str, Any], seconds: float) -> Any:
        """The answer to a message."""
        assert self.worker is not None
        token = secrets.token_hex(8)
        self.worker.send({**message, "token": token})
        end = min(time.monotonic() + seconds, self.deadline)
        while True:
            came = self.worker.receive(max(0.05, end - time.monotonic()))
            if not isinstance(came, dict) or not isinstance(came.get("answer"), dict):
                raise ChannelBrokenError("no answer")
            if came.get("token") == token:
                return came["answer"]
            if time.monotonic() > end:
                raise ChannelSilentError

    def _end(self) -> None:
        if self.worker is not None:
            self.worker.kill()
            self.worker = None
        if self.folder:
            _remove(self.folder)
            self.folder = ""


@dataclass(frozen=True)
class SessionSubject:
    """An object of a homework, as the judge sees it."""

    session: HomeworkSession
    found: Found

    @property
    def description(self) -> Description:
        """What it is."""
        return self.found.description

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Run a trial; it never raises for what the student's code did."""
        return self.session.run(self.found.index, trial)


def _contents(came: dict[str, Any]) -> Contents:
    return Contents(
        tuple(
            Found(index, int(one["fit"]), Description.of_data(one["description"]))
            for index, one in enumerate(came["found"])
        ),
        tuple(str(name) for name in came["names"]),
        tuple(Trouble(**one) for one in came["troubles"]),
        tuple(str(name) for name in came["missing"]),
    )


def _remove(folder: str) -> None:
    """Remove a folder, even one whose owner has locked parts of it."""

    def unlock(function: Any, path: str, _: Any) -> None:
        with contextlib.suppress(OSError):
            Path(path).parent.chmod(0o700)
            Path(path).chmod(0o700)
            function(path)

    shutil.rmtree(folder, onerror=unlock)
    shutil.rmtree(folder, ignore_errors=True)
