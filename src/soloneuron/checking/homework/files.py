"""Check one file of homework, or all files of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from soloneuron.checking.examine import examine
from soloneuron.checking.homework.choosing import choose_objects, outside_reason
from soloneuron.checking.homework.reading import is_homework, read_homework
from soloneuron.checking.homework.refusals import refusal
from soloneuron.checking.records import Examination
from soloneuron.checking.session import HomeworkSession, SessionSubject
from soloneuron.checking.workers import HomeworkWorkers
from soloneuron.errors import InputError, SoloneuronError

SECONDS = 20.0
"""For one file, unless somebody says otherwise."""

REAL_GUARDS = ("user", "files")
"""One of these is needed before files of many people are run."""


@dataclass(frozen=True)
class CheckRequest:
    """What is to be checked, and how.

    Args:
        task: one of ``CHECKED_TASKS``; None takes whatever is there.
        name: of the object; None takes what fits best.
        spec: the variant of the task.
        seed: of random programs.
        seconds: for each file.
    """

    task: str | None = None
    name: str | None = None
    spec: str = "auto"
    seed: int = 0
    seconds: float = SECONDS


@dataclass(frozen=True)
class FileReport:
    """What came of one file.

    Args:
        path: as it was named.
        examinations: one for each object.
        refusal: why something could not be checked.
        guards: which guards were on.
    """

    path: str
    examinations: tuple[Examination, ...] = ()
    refusal: InputError | None = None
    guards: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where a must or a should has a counterexample, 2 where something could not be checked, else 0."""
        codes = {one.exit_code for one in self.examinations} | ({2} if self.refusal is not None else set())
        return 1 if 1 in codes else 2 if 2 in codes or not codes else 0


def check_file(
    workers: HomeworkWorkers, path: str, asked: CheckRequest, *, folder: str | None = None
) -> FileReport:
    """Check one file; whatever it does, a report comes back.

    Args:
        workers: run its code.
        path: of the file.
        asked: what is to be checked.
        folder: of the class, which may hold an adapter for all.
    """
    try:
        cells = read_homework(path, folder)
    except SoloneuronError as fault:
        return FileReport(path, refusal=_as_input(fault))
    with HomeworkSession(workers, cells, asked.seconds) as session:
        contents = session.load(asked.task, asked.name)
        chosen, refused = choose_objects(contents, path, task=asked.task, name=asked.name)
        found: list[Examination] = []
        for one in chosen:
            examination = examine(SessionSubject(session, one), spec=asked.spec, seed=asked.seed)
            reason = outside_reason(path, _exceptions(examination))
            refused = refused or reason
            if reason is None:
                found.append(examination)
        return FileReport(path, tuple(found), refused, session.guards)


def files_of_folder(folder: str) -> list[str]:
    """The files of a folder, and of those in it, that hold homework; in the order of their names.

    Raises:
        InputError: there are none.
    """
    root = Path(folder)
    found = sorted(
        str(path) for path in root.rglob("*") if path.is_file() and is_homework(path.relative_to(root))
    )
    if not found:
        raise refusal("folder_empty", path=folder)
    return found


def check_folder(
    workers: HomeworkWorkers, folder: str, asked: CheckRequest, *, trust: bool = False
) -> Iterator[FileReport]:
    """Check every file of a folder, one after the other.

    Args:
        workers: run their code.
        folder: with files, or with a folder for each person.
        asked: what is to be checked in each.
        trust: run them even where no real guard is on.

    Yields:
        A report for each.

    Raises:
        InputError: there are no files, or there is no guard and no trust.
    """
    paths = files_of_folder(folder)
    guards = guards_of(workers)
    if not trust and not set(guards) & set(REAL_GUARDS):
        raise refusal("untrusted", path=folder)
    for path in paths:
        yield check_file(workers, path, asked, folder=folder)


def guards_of(workers: HomeworkWorkers) -> tuple[str, ...]:
    """Which guards a worker has on here; no code is run."""
    with HomeworkSession(workers, ()) as session:
        session.load()
        return session.guards


def _exceptions(examination: Examination) -> list[str]:
    """The exceptions behind all counterexamples that count; nothing where one is no exception."""
    shown = [point.counterexample.got for point in examination.points if point.fails and point.counterexample]
    return shown if all("Error" in one or "Exception" in one for one in shown) else []


def _as_input(fault: SoloneuronError) -> InputError:
    if isinstance(fault, InputError):
        return fault
    with suppress(TypeError):
        return InputError(str(fault), code=fault.code, **fault.fields)
    return InputError(str(fault), code=fault.code)
