"""Which letters the bytes of a text mean: Unicode is known, everything else is guessed, and told."""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from soloneuron.data.files.cyrillic import POSSIBLE, cyrillic_encoding
from soloneuron.data.files.dialects import LONGEST_LINE, binary_file, bounded_lines
from soloneuron.data.files.table import Note
from soloneuron.errors import InputError

MARKS_OF_ORDER = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""How a text in Unicode may begin; the longer beginnings first."""

PLAUSIBLE = [
    "cp1252", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "cp932", "gb18030", "big5", "cp949", "euc_jp",
]  # fmt: skip
"""What spreadsheets write where they do not write Unicode."""

CHECKED_BYTES = 1 << 20
SAMPLE = 1 << 16


@dataclass(frozen=True)
class Text:
    """A text that can be read again and again.

    Attributes:
        stream: its bytes; it can be sought in.
        encoding: what they mean.
        source: the file, for messages.
    """

    stream: BinaryIO
    encoding: str
    source: str

    def lines(self) -> Iterator[str]:
        """The lines from the first one, with their ends.

        Raises:
            InputError: a line without end, or with bytes that are no letters.
        """
        self.stream.seek(0)
        wrapped = io.TextIOWrapper(io.BufferedReader(_Borrowed(self.stream)), self.encoding, newline="")
        try:
            yield from bounded_lines(wrapped, self.source)
        except UnicodeError:
            raise _undecodable(self.source, self.encoding) from None


class _Borrowed(io.RawIOBase):
    """A stream of somebody else, which is not closed with this one.

    Args:
        stream: where the bytes come from.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As many bytes as there are, up to the length of the buffer."""
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def open_text(stream: BinaryIO, source: str, *, whole: bool) -> tuple[Text, tuple[Note, ...]]:
    """A text whose encoding is known, or guessed with a note.

    Args:
        stream: its bytes; it can be sought in.
        source: the file, for messages.
        whole: whether to look at all of it; if not, what begins as UTF-8 is taken for UTF-8.

    Raises:
        InputError: the file holds no text, or text in two encodings; the line is named.
    """
    stream.seek(0)
    head = stream.read(SAMPLE)
    for beginning, unicode in MARKS_OF_ORDER.items():
        if head.startswith(beginning):
            return Text(stream, unicode, source), ()
    wide = _without_mark(head)
    if wide is not None:
        return Text(stream, wide, source), (Note("encoding", {"encoding": wide}),)
    if b"\0" in head:
        raise binary_file(source, head[: head.index(0)].count(b"\n") + 1)
    if _is_utf8(stream if whole else io.BytesIO(head), whole=whole or len(head) < SAMPLE):
        return Text(stream, "utf-8", source), ()
    sample = _other_lines(stream, source)
    encoding = cyrillic_encoding(sample) or _guess(sample)
    if encoding is None:
        raise _undecodable(source, "utf-8")
    shown = encoding.replace("_", "-")
    shown = f"windows-{shown[2:]}" if shown.startswith("cp125") else shown
    return Text(stream, encoding, source), (Note("encoding", {"encoding": shown}),)


def is_binary(head: bytes) -> bool:
    """Whether the first bytes of a file are no text: there are zeros, but not as UTF-16 has them."""
    return b"\0" in head and not head.startswith(tuple(MARKS_OF_ORDER)) and _without_mark(head) is None


def _without_mark(head: bytes) -> str | None:
    """UTF-16 that does not begin with its mark: every other byte of plain letters is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) > 0 or max(even, odd) < max(2, len(head) / 10):
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    letters = head[: len(head) // 2 * 2].decode(encoding, "replace")
    return encoding if all(letter.isprintable() or letter.isspace() for letter in letters) else None


def _is_utf8(stream: BinaryIO, *, whole: bool) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        pending = False
        while block := stream.read(CHECKED_BYTES):
            if pending or not block.isascii():
                decoder.decode(block)
                pending = bool(decoder.getstate()[0])
        decoder.decode(b"", final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _other_lines(stream: BinaryIO, source: str) -> bytes:
    """Different lines whose bytes are no UTF-8, a sample of them.

    Raises:
        InputError: other lines are UTF-8: the file is in two encodings.
    """
    stream.seek(0)
    other: dict[bytes, None] = {}
    first, size, number, in_utf8 = 0, 0, 0, 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            in_utf8 = in_utf8 or number
        except UnicodeDecodeError:
            first = first or number
            if size < SAMPLE and line not in other:
                other[line[:SAMPLE]] = None
                size += len(line)
        if in_utf8 and first:
            raise InputError(
                f"{source} must be in one encoding, got UTF-8 in line {in_utf8} and other bytes in line "
                f"{first}: save the whole file as UTF-8",
                code="file.mixed",
                line=max(first, in_utf8),
                other=min(first, in_utf8),
            )
    return b"".join(other)


def _guess(sample: bytes) -> str | None:
    """The encoding that makes the likeliest letters of bytes; None where none does."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=PLAUSIBLE, threshold=0.5).best()
    letters = "" if found is None else str(found)
    if found is None or any("LATIN" in unicodedata.name(one, "") for one in letters if not one.isascii()):
        cyrillic = cyrillic_encoding(sample, POSSIBLE)
        if cyrillic is not None:
            return cyrillic
    if found is None or letters == sample.decode("cp1252", "replace"):
        return "cp1252" if _decodes(sample, "cp1252") else None
    return found.encoding


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        letters = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in letters)


def _undecodable(source: str, encoding: str) -> InputError:
    return InputError(
        f"{source} must be text, got bytes that are no letters in {encoding}: save it as CSV in UTF-8",
        code="file.encoding",
    )
