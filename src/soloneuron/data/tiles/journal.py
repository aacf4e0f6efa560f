"""What of a conversion is done, noted line by line, so that one that was stopped goes on from there."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import blake2b
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
        self._forget()
        path, head = part / JOURNAL, {"name": name, "boot": _boot()}
        lines = _whole_lines(path)
        self._head, self._path = head, path
        self._out: IO[str] = path.open("w", encoding="utf-8")
        self._line(head)
        if len(lines) > 1 and lines[0] == head and _is_note(lines[-1]):
            self.file, self.pieces, self.rows, self.words, self.total = lines[-1]
            self.note(self.file, self.pieces, self.rows, self.words, self.total)

    def begin_anew(self) -> None:
        """Forget all of it, for what was written is no more what it was."""
        self._forget()
        self._out.close()
        self._out = self._path.open("w", encoding="utf-8")
        self._line(self._head)

    def _forget(self) -> None:
        self.file, self.pieces, self.rows, self.words, self.total = 0, 0, 0, list[str](), 0

    def note(self, file: int, pieces: int, rows: int, words: list[str], total: int) -> None:
        """A piece has been written; the checksums of all until here are so much together."""
        self._line([file, pieces, rows, words, total])

    def finishing(self) -> None:
        """From here on nothing can be gone on with."""
        self._line("finishing")

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()

    def _line(self, said: Any) -> None:
        self._out.write(json.dumps([said, _seal(said)]) + "\n")
        self._out.flush()


def _whole_lines(path: Path) -> list[Any]:
    """The lines of a journal that were written to their end."""
    try:
        text = path.read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.split("\n")[:-1]]
        if all(seal == _seal(said) for said, seal in lines):
            return [said for said, _ in lines]
    except (OSError, ValueError, TypeError):
        pass
    # What is not as it was written says nothing: the conversion begins anew.
    return []


def _seal(said: Any) -> str:
    return blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def _is_note(line: Any) -> bool:
    """Whether a line tells of a piece."""
    if not isinstance(line, list) or len(line) != 5:
        return False
    *counts, words, total = line
    whole = [type(count) is int and count >= 0 for count in (*counts, total)]
    return all(whole) and isinstance(words, list) and all(isinstance(word, str) for word in words)


def _boot() -> str:
    """Which start of the machine this is; nothing where it does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""
