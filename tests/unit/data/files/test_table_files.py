"""The files of tests/files: out of each comes what its description says."""

import gzip

import numpy as np
import pytest

from soloneuron.data.files.reading import read_table
from soloneuron.errors import InputError
from soloneuron.texts import LANGUAGES, text
from table_files import FILES, FOLDER

BY_NAME = {one.name: one for one in FILES}


def cells(column):
    """A column as its description has it: words where there are any."""
    if column.words is not None:
        return list(column.words)
    return [None if np.isnan(number) else number for number in column.numbers.tolist()]


def test_every_file_is_described_once():
    assert len(BY_NAME) == len(FILES) >= 60
    assert {path.name for path in FOLDER.iterdir()} == BY_NAME.keys()


@pytest.mark.parametrize("name", [one.name for one in FILES if not one.refused])
def test_out_of_a_file_comes_what_is_in_it(name):
    one = BY_NAME[name]
    table = read_table(FOLDER / name)
    assert {column.name: cells(column) for column in table.columns} == one.columns
    assert tuple(note.code for note in table.notes) == one.notes
    faults = {column.name: column.fault for column in table.columns if column.fault is not None}
    assert {name: fault.code for name, fault in faults.items()} == one.faults
    assert all(one.says in str(fault) for fault in faults.values())
    for note in table.notes:
        assert len({text(language, f"notes.{note.code}", **note.fields) for language in LANGUAGES}) == 2


@pytest.mark.parametrize("name", [one.name for one in FILES if one.refused])
def test_a_file_without_a_table_is_refused_in_one_line_that_names_it(name):
    one = BY_NAME[name]
    with pytest.raises(InputError) as caught:
        read_table(FOLDER / name)
    assert caught.value.code == one.refused
    sentence = str(caught.value)
    assert one.says in sentence
    assert name in sentence
    assert "\n" not in sentence
    key = f"faults.{one.refused}"
    assert len({text(language, key, **caught.value.fields) for language in LANGUAGES}) == 2


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.name)
def test_a_file_is_what_its_description_makes(one):
    if one.name == "gzip_inside.csv":  # the system that gzip names differs between versions of Python
        assert gzip.decompress((FOLDER / one.name).read_bytes()) == gzip.decompress(one.content)
    elif not one.name.endswith((".gz", ".bz2", ".xz", ".zip", ".xlsx", ".npz", ".parquet", ".feather")):
        assert (FOLDER / one.name).read_bytes() == one.content
