"""Some rows of an Arrow column as every reader gives them: numbers or words, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from soloneuron.data.columns.faults import Place
from soloneuron.data.files.cells import MISSING_SPELLINGS, is_missing
from soloneuron.data.files.npy import infinite_fault
from soloneuron.data.files.parquet import cell_word, iso_word
from soloneuron.data.files.table import CellType, RawColumn
from soloneuron.data.tiles.arrow_files import FORMATS
from soloneuron.data.tiles.blocks import FirstCell, plain_numbers
from soloneuron.data.tiles.text_files import csv_marks


def raw_block(values: Any, first: FirstCell, *, as_words: bool = False) -> RawColumn:
    """Some rows of a column.

    Args:
        values: an Arrow array; text of a CSV file is numbers where all of it is.
        first: where its first cell stands.
        as_words: whether a text is wanted as it is written, also where it is numbers.
    """
    import pyarrow as pa

    types, kind = pa.types, values.type
    numeric = (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_null)
    if any(known(kind) for known in numeric):
        return _of_numbers(values, first, "truth" if types.is_boolean(kind) else "")
    text = FORMATS[first.path.suffix.lower()] == "csv"
    if text and not as_words:
        found = _text_numbers(values, first)
        if found is not None:
            return found
    if types.is_date(kind) or types.is_timestamp(kind):
        return RawColumn(first.column, words=_words(values, iso_word), type="date")
    words = _words(values, _text_word if text else cell_word)
    return RawColumn(first.column, words=words, type="category" if types.is_dictionary(kind) else "")


def place_in(first: FirstCell, several: bool) -> Place:
    """Where a row of some stands, for people."""
    end = f" of {first.path}" if several else ""
    return lambda row: f"row {first.row + row}{end}"


def _of_numbers(values: Any, first: FirstCell, kind: CellType) -> RawColumn:
    import pyarrow as pa

    numbers = plain_numbers(values.cast(pa.float64(), safe=False).fill_null(np.nan))
    fault = infinite_fault(numbers, first.column, str(first.path))
    if fault is not None:
        fault.fields["row"] = first.row + int(str(fault.fields["row"]))
    return RawColumn(first.column, numbers, type=kind, fault=fault)


def _text_numbers(values: Any, first: FirstCell) -> RawColumn | None:
    """Text as numbers; None where a cell is none."""
    from pyarrow import compute

    if csv_marks(first.path)[1] == ",":
        if compute.any(compute.match_substring(values, ".")).as_py():
            return None
        values = compute.replace_substring(values, ",", ".")
    numbers = plain_text_numbers(values)
    return None if numbers is None else _of_numbers(numbers, first, "")


def plain_text_numbers(values: Any) -> Any:
    """Text as an Arrow array of float64, null where a cell is missing; None where one is no plain number."""
    import pyarrow as pa
    from pyarrow import compute

    cells = compute.utf8_trim_whitespace(values)
    missing = compute.is_in(cells, value_set=pa.array(MISSING_SPELLINGS))
    try:
        return compute.if_else(missing, None, cells).cast(pa.float64())
    except pa.ArrowInvalid:
        return None


def _words(values: Any, word: Callable[[Any], str | None]) -> Sequence[str | None]:
    """Cells as words, each different one made once."""
    import pyarrow as pa

    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    known = [*map(word, coded.dictionary.to_pylist()), None]
    places = plain_numbers(coded.indices.cast(pa.float64()).fill_null(len(known) - 1)).astype(np.int64)
    return [known[place] for place in places.tolist()]


def _text_word(cell: str) -> str | None:
    word = cell.strip()
    return None if is_missing(word) else word
