"""Text files of every dialect: read without a word about it as pandas reads them when it is told all."""

import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soloneuron.data.files.reading import read_table

WORD = st.text("абвгдежзиклмнопрст xyz", min_size=1, max_size=6).map(lambda text: f"ж{text.strip()}")
MISSING = st.sampled_from(["", "NA", "nan", "null", "?"])
MANY = 400


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    encoding: str
    separator: str
    decimal: str
    quoting: int
    missing: str
    line_end: str

    @property
    def common(self):
        return {"sep": self.separator, "decimal": self.decimal, "encoding": self.encoding}


@st.composite
def dialects(draw):
    separator = draw(st.sampled_from(",;\t|"))
    return Dialect(
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])),
        separator=separator,
        decimal="." if separator == "," else draw(st.sampled_from(".,")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
        missing=draw(MISSING),
        line_end=draw(st.sampled_from(["\n", "\r\n"])),
    )


@st.composite
def frames(draw):
    """Numbers, gaps and words; the first column has no gap, so that no row is empty."""
    rows = draw(st.integers(1, 12))

    def column(cells):
        return draw(st.lists(cells, min_size=rows, max_size=rows))

    number = st.floats(-1e12, 1e12, allow_subnormal=False) | st.integers(-(10**6), 10**6).map(float)
    return pd.DataFrame(
        {
            "номер": column(st.integers(-(10**9), 10**9)),
            "рост, см": column(number | st.just(np.nan)),
            "доля": column(st.decimals(0, 1, places=2).map(float)),
            "город": column(st.none() | WORD),
            "болен": column(st.sampled_from(["да", "нет"])),
        }
    )


def compare(folder, frame, dialect):
    path = folder / "rows.csv"
    frame.to_csv(
        path,
        index=False,
        na_rep=dialect.missing,
        quoting=dialect.quoting,
        lineterminator=dialect.line_end,
        **dialect.common,
    )
    known = pd.read_csv(path, engine="python", na_values=["?"], **dialect.common)
    read = read_table(path)
    assert [column.name for column in read.columns] == list(known.columns)
    for column in read.columns:
        oracle = known[column.name]
        if pd.api.types.is_numeric_dtype(oracle):
            np.testing.assert_array_equal(column.numbers, oracle.to_numpy(dtype=np.float64))
        else:
            assert column.words == [None if pd.isna(word) else word.strip() for word in oracle]
    told = {note.code for note in read.notes}
    assert ("encoding" in told) == (not dialect.encoding.startswith("utf"))


@given(frames(), dialects())
@settings(max_examples=25)
def test_a_file_is_read_as_pandas_reads_it_when_it_is_told_the_dialect(tmp_path, frame, dialect):
    compare(tmp_path, frame, dialect)


@pytest.mark.slow
@given(frames(), dialects())
@settings(max_examples=MANY)
def test_many_files_are_read_as_pandas_reads_them(tmp_path, frame, dialect):
    compare(tmp_path, frame, dialect)
