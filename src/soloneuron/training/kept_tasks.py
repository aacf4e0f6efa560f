"""Results of tasks are kept in a file as soon as they are there, and read where a work begins again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from soloneuron.storage.result_files import ResultFile, read_results
from soloneuron.training.checkpoint_identity import LIBRARIES, other_work
from soloneuron.training.results import versions


class TaskKeeper:
    """The results of a work's tasks, which are numbered as they come: the same work has the same numbers.

    Args:
        path: the file.
        work: what the work is, by name, in words that are the same for the same work alone.

    Raises:
        InputError: the file cannot be read or written.
        RecordError: it is something else, of another work, or damaged.
    """

    def __init__(self, path: str | Path, work: Mapping[str, str]) -> None:
        found = versions()
        whole = {f"the version of {name}": found[name] for name in LIBRARIES} | dict(work)
        kept = read_results(path) if Path(path).exists() else None
        if kept is not None and kept.work is not None:
            _check(kept.work, whole, path)
        self._known = {} if kept is None else dict(kept.results)
        self._file = ResultFile(path, kept, whole)
        self._first = self._next = 0

    def split(self, count: int) -> tuple[dict[int, Any], list[int]]:
        """Of the next so many tasks: results by the place of the task, and the places that have none."""
        first = self._first = self._next
        self._next += count
        known = {place: self._known[first + place] for place in range(count) if first + place in self._known}
        return known, [place for place in range(count) if place not in known]

    def keep(self, place: int, result: Any) -> None:
        """Keep the result of one of the tasks that were split last; a fault is found anew each time."""
        if not isinstance(result, Exception):
            with suppress(TypeError):
                self._file.append(self._first + place, result)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _check(had: Mapping[str, str], has: Mapping[str, str], path: str | Path) -> None:
    for name in dict.fromkeys([*has, *had]):
        there, here = had.get(name, "unknown"), has.get(name, "unknown")
        if there != here:
            raise other_work(path, name, there, here)


_KEEPER: ContextVar[TaskKeeper | None] = ContextVar("keeper of tasks", default=None)


@contextmanager
def tasks_kept(path: str | Path | None, work: Callable[[], Mapping[str, str]]) -> Iterator[None]:
    """Keep the results of all tasks that are done meanwhile; without a path nothing is kept.

    Raises:
        InputError: as ``TaskKeeper``.
        RecordError: as ``TaskKeeper``.
    """
    if path is None:
        yield
        return
    keeper = TaskKeeper(path, work())
    before = _KEEPER.set(keeper)
    try:
        yield
    finally:
        _KEEPER.reset(before)
        keeper.close()


@contextmanager
def current_keeper() -> Iterator[TaskKeeper | None]:
    """Whoever keeps results now; what a task does inside is kept by nobody."""
    keeper = _KEEPER.get()
    before = _KEEPER.set(None)
    try:
        yield keeper
    finally:
        _KEEPER.reset(before)
