"""The kinds of files that commands write: how their names end, and how one of ours is told from another's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from soloneuron.errors import InputError
from soloneuron.storage.codec import FINDINGS, MODEL, RUN, Kind
from soloneuron.storage.paths import opened_file

_PNG_HEAD = 33
"""Where the second part of a PNG begins."""

_FIRST_BYTES = 4096
"""Bytes in which a file says what it is."""

_OTHERS = re.compile(
    r"\.(arrow|avif|bmp|bz2|csv|docx?|dot|eps|feather|gif|gv|gz|h5|html?|ipynb|jpe?g|jsonl?|js|md|npy|npz|ods"
    r"|onnx|orc|parquet|pdf|pickle|pkl|png|pq|ps|pth?|py|safetensors|sqlite|svg|tar|tex|tiff?|toml|tsv|txt|webp|xlsx?"
    r"|xml|xz|ya?ml|zip|zst)"
)
"""Endings that name a format; another one, such as that of ``model.v2``, promises nothing."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        name: what it is called in a sentence.
        form: what is written into it.
        endings: those that a name may have.
        head: what its beginning matches if a command of ours wrote it.
        strict: whether a name must have one of the endings, for it decides what is written.
    """

    name: str
    form: str
    endings: tuple[str, ...]
    head: bytes
    strict: bool = False

    def fits(self, path: str) -> bool:
        """Whether a name promises no other format."""
        ending = Path(path).suffix.lower()
        return ending in self.endings or (not self.strict and _OTHERS.fullmatch(ending) is None)

    @property
    def usual(self) -> str:
        """The endings in words; one of a short and a long spelling."""
        *others, last = [ending for ending in self.endings if ending != ".htm"]
        return f"{', '.join(others)} or {last}" if others else last

    def check_replaced(self, path: str) -> None:
        """Refuse to replace a file that is none of this kind; an empty one holds nothing that could be lost.

        Raises:
            InputError: something else stands there.
        """
        if not Path(path).is_file():
            return
        with opened_file(path) as source:
            head = source.read(_FIRST_BYTES)
        if head and re.match(self.head, head.removeprefix(b"\xef\xbb\xbf")) is None:
            raise InputError(
                f"{path} is there already and is no {self.name} that soloneuron wrote: "
                "choose another name, or replace it with --force",
                code="output.foreign",
                kind=self.name,
                path=path,
            )


def _json(name: str, kind: Kind) -> FileKind:
    return FileKind(name, "JSON", (".json",), rb'\s*\{\s*"format":\s*"%s"' % kind.format.encode())


MODEL_KIND = _json("model", MODEL)
RUN_KIND = _json("run", RUN)
FINDINGS_KIND = _json("file of findings", FINDINGS)

CHECKPOINT_KIND = FileKind("checkpoint", "a checkpoint", (".checkpoint",), rb"soloneuron checkpoint ")

RESULTS_KIND = FileKind("checkpoint", "a checkpoint", (".checkpoint",), rb"soloneuron results ")

PAGE_KIND = FileKind(
    "page",
    "a page",
    (".html", ".htm"),
    rb'(?s:\s*<!doctype html>.*<meta name="generator" content="soloneuron">)',
    strict=True,
)

REPORT_KIND = FileKind(
    "report",
    "a page or PDF",
    (*PAGE_KIND.endings, ".pdf"),
    PAGE_KIND.head + rb"|(?s:%PDF.*/Creator \(soloneuron)",
    strict=True,
)

FIGURE_KIND = FileKind(
    "figure",
    "a page or a picture",
    (*PAGE_KIND.endings, ".svg", ".png"),
    PAGE_KIND.head + rb"|<svg[^>]*><metadata>soloneuron</metadata>|(?s:\x89PNG.{0,99}Software\0soloneuron)",
    strict=True,
)

# Never ours to replace without --force: whoever began to fill it in would lose that.
NOTEBOOK_KIND = FileKind("notebook", "a notebook", (".ipynb",), rb"(?!)", strict=True)

GRAPH_KIND = FileKind("graph", "SVG", (".svg",), rb'<svg [^>]*role="img"[^>]*><title>Element\(')


def table_file(columns: Sequence[str]) -> FileKind:
    """A table as text; one of ours begins with just these columns."""
    from soloneuron.cli.tables import table_text

    return FileKind("table", "CSV", (".csv", ".txt"), re.escape(table_text([columns]).encode()))


def signed(picture: bytes) -> bytes:
    """A picture that says who wrote it: SVG in its metadata, PNG in the text ``Software``."""
    if picture.startswith(b"\x89PNG"):
        word = b"tEXtSoftware\0soloneuron"
        chunk = (len(word) - 4).to_bytes(4, "big") + word + crc32(word).to_bytes(4, "big")
        return picture[:_PNG_HEAD] + chunk + picture[_PNG_HEAD:]
    return re.sub(rb"<svg[^>]*>", rb"\g<0><metadata>soloneuron</metadata>", picture, count=1)
