"""What a column means, and why it is not learned from as it is."""

import numpy as np
import pytest

from soloneuron.data.columns.kinds import is_id, is_index, meaning
from soloneuron.data.files.table import RawColumn


def words(*cells):
    return RawColumn("c", words=cells)


def numbers(*cells, name="c", **known):
    return RawColumn(name, numbers=np.array(cells, dtype=float), **known)


def place(row):
    return f"row {row}"


def kind_and_faults(column, *, encode=True, gaps="refuse"):
    encoding, faults = meaning(column, place, encode=encode, gaps=gaps)
    return encoding.kind, [(fault.code, fault.cure) for fault in faults]


MANY = [f"name {i}" for i in range(51)]
AGES = [str(i) for i in range(40)]

COLUMNS = {
    "numbers": (numbers(1, 2), "number", []),
    "gaps": (numbers(1, np.nan), "number", [("missing", "missing")]),
    "more gaps": (numbers(np.nan, 1, np.nan), "number", [("gaps", "missing")]),
    "truths of a typed file": (numbers(1, 0, type="truth"), "ordinal", []),
    "yes and no": (words("Yes", "no", "YES"), "ordinal", []),
    "Russian": (words("да", "нет"), "ordinal", []),
    "categories": (words("a", "b", "a"), "one_hot", []),
    "fifty categories": (words(*MANY[:50]), "one_hot", []),
    "codes among numbers": (words("0", "1", "2", "3+"), "one_hot", []),
    "names": (words(*MANY), "one_hot", [("many", "drop")]),
    "names with gaps": (words(*MANY, None), "one_hot", [("many", "drop")]),
    "categories with gaps": (words("a", "b", None), "one_hot", [("missing", "missing")]),
    "a slip among numbers": (words(*AGES, "forty"), "number", [("mixed", "drop")]),
    "dates": (words("2024-01-31", "2024-02-01"), "date", []),
    "two kinds of dates": (words("2024-01-31", "01.02.2024"), "date", [("two_dates", "drop")]),
    "ambiguous dates": (words("01/02/2024"), "date", [("ambiguous_date", "drop")]),
    "a day that is not": (words("31.02.2024"), "date", [("no_date", "drop")]),
    "a slip among dates": (
        words(*(f"{i % 28 + 1}.{i % 12 + 1}.{1990 + i}" for i in range(60)), "soon"),
        "date",
        [("no_date", "drop")],
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_column_has_one_meaning_and_its_faults_a_cure(case):
    column, kind, faults = COLUMNS[case]
    assert kind_and_faults(column) == (kind, faults)


@pytest.mark.parametrize(
    ("column", "code"),
    [(words("a", "b"), "text"), (words("да", "нет"), "text"), (words("2024-01-31"), "dates")],
)
def test_words_are_no_numbers_unless_they_may_be_encoded(column, code):
    assert kind_and_faults(column, encode=False)[1] == [(code, "encode")]


def test_a_cell_that_is_shown_is_the_one_that_is_no_number():
    _, (fault,) = meaning(words("1", "2", "red"), place, encode=False, gaps="refuse")
    assert fault.phrase.say("en") == "column 'c' must be numbers, got 'red' in row 2 (3 different words)"
    assert (
        fault.phrase.say("ru")
        == "столбец «c»: нужны числа, а там «red» (строка 2, считая с 0; 3 разных слова)"
    )


@pytest.mark.parametrize(
    ("column", "known"),
    [
        (numbers(0, 1, 2, name="column_1", unnamed=True), True),
        (numbers(5, 3, 4, name="Unnamed: 0"), True),
        (numbers(np.nan, np.nan, name="column_3", unnamed=True), True),
        (numbers(0, 1, 1, name="column_1", unnamed=True), False),
        (numbers(0.5, 1, 2, name="column_1", unnamed=True), False),
        (numbers(0, 1, 2, name="age"), False),
    ],
)
def test_an_index_has_no_name_and_counts(column, known):
    assert is_index(column) == known


@pytest.mark.parametrize(
    ("column", "known"),
    [
        (numbers(*range(10)), True),
        (numbers(*range(9)), False),
        (numbers(3, 1, 2, name="id"), True),
        (numbers(3, 1, 2, name="PassengerId"), True),
        (numbers(3, 1, 2, name="customer_id"), True),
        (numbers(*range(10), 0.5), False),
        (numbers(*range(10), 9), False),
        (words(*MANY[:10]), True),
        (words(*MANY[:10], MANY[0]), False),
        (words(*MANY[:10], None), False),
        (words(*(f"2024-01-{i:02}" for i in range(1, 20))), False),
    ],
)
def test_an_id_is_different_in_every_row(column, known):
    assert is_id(column, len(column.missing)) == known
