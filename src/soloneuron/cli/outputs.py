"""Where a command writes: never over what it reads, and never nowhere after all the work."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from soloneuron.errors import InputError
from soloneuron.storage.files import check_writable

MOST_NAMED = 3
"""So many files are named one by one."""

NamedFile = tuple[str, str | None]
"""What a file is to the command, and its path; None where it was not asked for."""


def check_outputs(*, read: Iterable[NamedFile], written: Iterable[NamedFile]) -> None:
    """Refuse what cannot be written, or would be written over something of this very command.

    Raises:
        InputError: one of both, before any work is done.
    """
    seen = {Path(path).resolve(): name for name, path in read if path is not None}
    for name, path in written:
        if path is None:
            continue
        target = check_writable(path).resolve()
        if target in seen:
            raise InputError(
                f"{name} would be written over {seen[target]}, {path}: choose another name",
                code="output.same",
            )
        seen[target] = name


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
        raise InputError(f"cannot write into {path}: it is no folder", code="output.folder") from None
    except OSError as fault:
        raise InputError(f"cannot make the folder {path}: {fault.strerror}", code="output.folder") from None
    check_writable(Path(path) / "run.json")


@dataclass(frozen=True)
class Output:
    """A file that is made of finished work.

    Attributes:
        path: where it shall be; None if nobody asked for it.
        name: what it is called where that fails.
        write: writes it to a path.
    """

    path: str | None
    name: str
    write: Callable[[Path], None]


def write_all(*outputs: Output) -> None:
    """Write what was asked for; where the disk says no after all the work, everything into another folder.

    Raises:
        InputError: what could not be written, and where all of it is kept.
    """
    try:
        for output in outputs:
            if output.path is not None:
                output.write(Path(output.path))
    except InputError as fault:
        try:
            rescued = f"kept as {rescue(*outputs)}"
        except InputError as worse:
            rescued = f"nor elsewhere: {worse}"
        raise InputError(f"{fault}; {rescued}", code="output.rescued") from None


def rescue(*outputs: Output) -> str:
    """Write files into a new folder for passing files, and say where they are.

    Raises:
        InputError: they cannot be written there either.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="soloneuron-"))
    except OSError as fault:
        raise InputError(f"no folder for passing files: {fault.strerror}", code="output.lost") from None
    try:
        for output in outputs:
            output.write(folder / output.name)
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if len(outputs) > MOST_NAMED:
        return f"{len(outputs)} files in {folder}"
    return " and ".join(str(folder / output.name) for output in outputs)
