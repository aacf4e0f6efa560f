"""What a file is, by how it begins, whatever its name says."""

from __future__ import annotations

import re
from typing import Literal

from soloneuron.errors import InputError

Content = Literal[
    "gzip", "bzip2", "xz", "zip", "parquet", "feather", "npy", "ole", "html", "xml", "json", "pdf", "png",
    "jpeg", "sqlite", "zstandard", "7z", "rar", "pickle", "hdf5",
]  # fmt: skip

SIGNATURES: dict[bytes, Content] = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PAR1": "parquet",
    b"ARROW1": "feather",
    b"\x93NUMPY": "npy",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"%PDF-": "pdf",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"SQLite format 3\0": "sqlite",
    b"\x28\xb5\x2f\xfd": "zstandard",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
    b"\x89HDF": "hdf5",
    b"\x80\x04\x95": "pickle",
    b"\x80\x05\x95": "pickle",
}

SHOWN: dict[str, str] = {
    "html": "a page in HTML",
    "xml": "XML",
    "json": "JSON",
    "pdf": "a PDF document",
    "png": "a PNG picture",
    "jpeg": "a JPEG picture",
    "sqlite": "an SQLite database",
    "zstandard": "a Zstandard archive",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "pickle": "pickled Python objects",
    "hdf5": "an HDF5 file",
}
"""What is never read, as a sentence names it."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|div)\b", re.I | re.S)
_XML = re.compile(rb"\s*<(\?xml|!doctype|(html|head|body|table|div|svg|workbook|rss|feed|gpx|kml)[ >])", re.I)
_JSON = re.compile(rb"\s*(\{\s*\"[^\"\n]*\"\s*:|\[\s*[\[{]|\[\s*\]\s*$|\{\s*\}\s*$)")


def content_of(head: bytes) -> Content | None:
    """What the first bytes of a file say that it is; None for text of rows, or what nobody knows.

    Example:
        >>> content_of(b'[{"x": 1}]'), content_of(b"x,y")
        ('json', None)
    """
    known = next((content for beginning, content in SIGNATURES.items() if head.startswith(beginning)), None)
    if known is not None:
        return known
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text):
        return "html"
    if _XML.match(text):
        return "xml"
    return "json" if _JSON.match(text) else None


def refuse_content(content: Content | None, source: str) -> None:
    """Refuse what cannot be read as rows.

    Raises:
        InputError: it is such; the sentence says what.
    """
    if content in SHOWN:
        raise InputError(
            f"{source} must be a table of rows, got {SHOWN[content]}: save the table as CSV",
            code="file.content",
            came=content,
        )


def ole_fault(head: bytes, source: str) -> InputError:
    """The sentence about a file of the old Excel, or of the new one under a password."""
    if ENCRYPTED in head:
        return InputError(
            f"{source} is under a password: save it without one", code="file.password", came="xlsx"
        )
    return InputError(
        f"{source} is a workbook of the old Excel format .xls: save it as .xlsx or CSV", code="file.xls"
    )
