"""Where a command writes: never over what it reads, and never nowhere after all the work."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from soloneuron.cli.kinds import FileKind
from soloneuron.cli.language import spoken
from soloneuron.cli.streams import remark
from soloneuron.errors import InputError, SoloneuronError
from soloneuron.storage.paths import check_writable, identity, reason_of

MOST_NAMED = 3
"""So many files are named one by one."""

NamedFile = tuple[str, str | None]
"""What a file is to the command, and its path; None where it was not asked for."""


@dataclass(frozen=True)
class Written:
    """A file that a command is going to write.

    Attributes:
        name: what it is to the command.
        path: where; None if nobody asked for it.
        kind: what it is.
        option: what names the path.
    """

    name: str
    path: str | None
    kind: FileKind
    option: str = "-o"


def check_outputs(
    *,
    read: Iterable[NamedFile] = (),
    written: Iterable[Written],
    force: bool = False,
) -> None:
    """Refuse what cannot be written, or would be written over what is not ours or of this very command.

    Args:
        read: what the command reads.
        written: what it writes.
        force: whether somebody else's file may be replaced.

    Raises:
        InputError: one of these, before any work is done.
    """
    seen = {identity(path): name for name, path in read if path is not None}
    asked = [(one, one.path) for one in written if one.path is not None]
    for one, path in asked:
        if path in ("", "-"):
            raise InputError(
                f"{one.option} must name a file, got {path!r}: choose a name for it",
                code="output.unnamed",
                option=one.option,
                path=path,
            )
        check_writable(path)
        key = identity(path)
        if key in seen:
            raise InputError(
                f"{one.name} would be written over {seen[key]}, {path}: choose another name",
                code="output.same",
                path=path,
            )
        seen[key] = one.name
    for one, path in asked:
        if not one.kind.fits(path):
            usual = one.kind.usual
            raise InputError(
                f"{one.option} must end in {usual}: {one.name} is {one.kind.form}, got {path}",
                code="output.ending",
                option=one.option,
                endings=usual,
                path=path,
            )
        if not force:
            one.kind.check_replaced(path)


def make_folder(path: str | None) -> None:
    """Make the folder that files shall be written to, if it is not there yet.

    Raises:
        InputError: it cannot be made, or something that is no folder has its name.
    """
    if path is None:
        return
    try:
        Path(path).mkdir(exist_ok=True)
    except FileExistsError:
        raise InputError(
            f"cannot write into {path}: it is no folder", code="folder.file", path=path
        ) from None
    except (OSError, ValueError) as fault:
        reason = reason_of(fault)
        raise InputError(
            f"cannot make the folder {path}: {reason}", code="folder.failed", path=path, reason=reason
        ) from None
    check_writable(Path(path) / "run.json")


@dataclass(frozen=True)
class Output:
    """A file that is made of finished work.

    Attributes:
        path: where it shall be; None if nobody asked for it.
        name: what it is called where that fails.
        write: writes it to a path.
        kind: what may be replaced there; None where that has been asked before.
    """

    path: str | None
    name: str
    write: Callable[[Path], None]
    kind: FileKind | None = None


def write_all(*outputs: Output) -> None:
    """Write what was asked for; where that fails after all the work, everything into another folder.

    Raises:
        InputError: what could not be written, and where all of it is kept.
        KeyboardInterrupt: it was stopped meanwhile; all of it is kept, too.
    """
    path: str | None = None
    try:
        for output in outputs:
            path = output.path
            if path is None:
                continue
            if output.kind is not None:
                output.kind.check_replaced(path)
            output.write(Path(path))
    except BaseException as fault:
        reason = str(fault) if isinstance(fault, SoloneuronError) else f"cannot write {path}: {_named(fault)}"
        kept = _kept_where(outputs)
        if not isinstance(fault, Exception):
            remark(spoken(kept))
            raise
        raise InputError(f"{reason}; {kept}", code="output.rescued", reason=reason, kept=kept) from fault


def rescue(output: Output) -> str:
    """Write one file into a new folder for passing files, and say where it is.

    Raises:
        InputError: it cannot be written there either.
    """
    kept, lost = _rescued([output])
    if not kept:
        raise InputError(lost, code="output.lost", reason=lost)
    return kept[0]


def _kept_where(outputs: Sequence[Output]) -> str:
    """Rescue files, and say which are where."""
    kept, lost = _rescued(outputs)
    if not kept:
        return f"nor elsewhere: {lost}"
    named = f"{len(kept)} files in {Path(kept[0]).parent}" if len(kept) > MOST_NAMED else " and ".join(kept)
    return f"kept as {named}" + (f"; nor elsewhere: {lost}" if lost else "")


def _rescued(outputs: Sequence[Output]) -> tuple[list[str], str]:
    """Each file that can be, written into a new folder; the last fault of the others."""
    kept, lost = [], ""
    try:
        folder = Path(tempfile.mkdtemp(prefix="soloneuron-"))
    except OSError as fault:
        return [], f"no folder for passing files: {reason_of(fault)}"
    for output in outputs:
        try:
            output.write(folder / output.name)
            kept.append(str(folder / output.name))
        except Exception as fault:
            lost = _named(fault)
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)
    return kept, lost


def _named(fault: BaseException) -> str:
    """What went wrong; a fault that nobody foresaw by its kind, too."""
    return str(fault) if isinstance(fault, SoloneuronError) else f"{type(fault).__name__}: {fault}"
