"""Small files that become large ones: they are refused, and nothing of their size is ever in memory."""

import io
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest

from soloneuron.data.files.reading import read_table
from soloneuron.errors import InputError
from table_files import PLAIN, npz, workbook, zipped

TIMES = 80
"""MiB that a bomb becomes, out of a thousandth of that; 64 are too many."""

BOOK = workbook([["x", "y"], [1.5, "no"], [2.5, "yes"]])
SHEET = "xl/worksheets/sheet1.xml"


def members(content):
    """What is in a zip, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without(content, name):
    """A zip without one of its members."""
    return zipped({one: inner for one, inner in members(content).items() if one != name})


def blown_up(content, name, begin, *, says=None):
    """A zip with one more member, which becomes TIMES MiB; its size may be said to be another one."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflate.compress(begin) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = b"0" * 2**20
    # Behind a full flush nothing refers to what was before: one block may stand there again and again.
    more = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    packed, check = first + more * TIMES + deflate.flush(), zlib.crc32(begin)
    for _ in range(TIMES):
        check = zlib.crc32(block, check)
    size = len(begin) + TIMES * len(block) if says is None else says
    sink = io.BytesIO(content)
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(name, packed)
    raw = bytearray(sink.getvalue())
    # In the member's own head and in the list at the end: how it is packed, its check sum and its size.
    for place in (raw.index(name.encode()) - 30 + 8, raw.rindex(b"PK\x01\x02") + 10):
        raw[place : place + 2] = (8).to_bytes(2, "little")
        raw[place + 6 : place + 10] = check.to_bytes(4, "little")
        raw[place + 14 : place + 18] = size.to_bytes(4, "little")
    return bytes(raw)


def npy_head(rows):
    """The beginning of a NumPy file of so many rows."""
    sink = io.BytesIO()
    np.lib.format.write_array_header_1_0(sink, {"descr": "<f8", "fortran_order": False, "shape": (rows, 2)})
    return sink.getvalue()


MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = b'<?xml version="1.0"?>%s<worksheet xmlns="%s"><sheetData><row r="1"><c t="inlineStr"><is><t>%s'
BEGUN = XML % (b"", MAIN, b"")

HONEST = {
    "bomb.npz": blown_up(npz(), "rows.npy", npy_head(TIMES * 2**16)),
    "bomb.xlsx": blown_up(without(BOOK, SHEET), SHEET, BEGUN),
}
LIARS = {
    "liar.npz": blown_up(npz(), "rows.npy", npy_head(TIMES * 2**16), says=300),
    "liar.xlsx": blown_up(without(BOOK, SHEET), SHEET, BEGUN, says=300),
    "liar.zip": blown_up(zipped({}), "rows.csv", PLAIN, says=300),
}


def refusal(path):
    """Why a file is refused, and the most MiB that were in use meanwhile."""
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as caught:
            read_table(path)
        return caught.value, tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", HONEST)
def test_a_file_that_says_how_large_it_becomes_is_refused_before_anything_is_unpacked(name, tmp_path):
    (tmp_path / name).write_bytes(HONEST[name])
    assert len(HONEST[name]) < 2**17
    fault, peak = refusal(tmp_path / name)
    assert fault.code == "file.bomb"
    assert "64 MiB when it is unpacked" in str(fault)
    assert peak < 4


@pytest.mark.parametrize("name", LIARS)
def test_of_a_file_that_hides_its_size_little_is_unpacked(name, tmp_path):
    (tmp_path / name).write_bytes(LIARS[name])
    fault, peak = refusal(tmp_path / name)
    assert fault.code in ("file.numpy", "file.excel", "file.archive")
    assert len(str(fault).splitlines()) == 1
    assert peak < 4


def test_a_numpy_file_that_promises_more_rows_than_it_has_is_refused(tmp_path):
    (tmp_path / "promise.npy").write_bytes(npy_head(2**40) + bytes(160))
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "promise.npy")
    assert caught.value.code == "file.numpy"


def test_a_workbook_whose_words_stand_for_one_another_without_end_is_refused(tmp_path):
    doubled = b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (i + 1, i, i) for i in range(30))
    sheet = XML % (b'<!DOCTYPE worksheet [<!ENTITY a0 "ha">%s]>' % doubled, MAIN, b"&a30;")
    sheet += b"</t></is></c></row></sheetData></worksheet>"
    (tmp_path / "laughs.xlsx").write_bytes(zipped({**members(BOOK), SHEET: sheet}))
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "laughs.xlsx")
    assert caught.value.code == "file.excel"
    assert len(str(caught.value).splitlines()) == 1
