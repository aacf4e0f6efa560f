"""Where a command writes: never over what it reads, and never nowhere after all the work."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from soloneuron.errors import InputError
from soloneuron.storage.files import check_writable

Named = tuple[str, str | None]
"""What a file is to the command, and its path; None where it was not asked for."""


def check_outputs(*, read: Iterable[Named], written: Iterable[Named]) -> None:
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


def rescue(files: Mapping[str, Callable[[Path], None]]) -> str:
    """Write files into a new folder for passing files, because their own place failed after all the work.

    Args:
        files: a name for each, and what writes it to a path.

    Returns:
        Where they are now.

    Raises:
        InputError: they cannot be written there either.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="soloneuron-"))
    except OSError as fault:
        raise InputError(
            f"cannot write in {tempfile.gettempdir()} either: {fault.strerror}", code="output.lost"
        ) from None
    for name, write in files.items():
        write(folder / name)
    return " and ".join(str(folder / name) for name in files)
