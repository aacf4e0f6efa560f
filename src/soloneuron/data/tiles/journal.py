"""What of a conversion is done, noted line by line, so that one that was stopped goes on from there."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

JOURNAL = "journal"


class Journal:
    """What of a conversion is done: one line a piece.

    It is believed where no machine was started anew since: a line may reach the disk before what it tells of.

    Args:
        part: the folder.
        name: of the tiles.
    """

    def __init__(self, part: Path, name: str) -> None:
        self.file, self.pieces, self.rows, self.words = 0, 0, 0, list[str]()
        path, head = part / JOURNAL, {"name": name, "boot": _boot()}
        lines = _whole_lines(path)
        known = bool(lines) and lines[0] == head and lines[-1] != "finishing"
        self._out: IO[str] = path.open("w", encoding="utf-8")
        self._line(head)
        if known and len(lines) > 1:
            self.file, self.pieces, self.rows, self.words = lines[-1]
            self.note(self.file, self.pieces, self.rows, self.words)

    def note(self, file: int, pieces: int, rows: int, words: list[str]) -> None:
        """A piece has been written."""
        self._line([file, pieces, rows, words])

    def finishing(self) -> None:
        """From here on nothing can be gone on with."""
        self._line("finishing")

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()

    def _line(self, said: Any) -> None:
        self._out.write(json.dumps(said) + "\n")
        self._out.flush()


def _whole_lines(path: Path) -> list[Any]:
    """The lines of a journal that were written to their end."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    found = []
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        found.append(json.loads(line))
    return found


def _boot() -> str:
    """Which start of the machine this is; nothing where it does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""
