"""Tables that people bring to the page: read as Python reads them, in the spellings that people have."""

import base64
import random
from dataclasses import replace

import pytest
import torch

from soloneuron.data.datasets import read_dataset
from soloneuron.data.preparation import measure_scaling, sample, standardize
from soloneuron.playing.config import DECIMALS, MOST_POINTS

ROWS = ((1.5, 20, "yes"), (3.25, 40.5, "no"), (5, 10, "no"), (-2, 0.5, "yes"))


def read(page, raw, **choice):
    return page.ask("read", [base64.b64encode(raw).decode(), choice])


def table(mark=",", *, comma=False, head="height,weight,sick", rows=ROWS, end="\n"):
    cells = [head.split(","), *([str(cell) for cell in row] for row in rows)]
    lines = [
        mark.join(cell.replace(".", ",") if comma and i else cell for cell in row)
        for i, row in enumerate(cells)
    ]
    return end.join(lines) + end


def many(count, seed=0):
    chance = random.Random(seed)
    rows = [
        (round(chance.gauss(5, 3), 4), round(chance.gauss(-1, 40), 4), chance.choice("ab"))
        for _ in range(count)
    ]
    return table(rows=rows).encode()


ALIKE = {
    "commas": table().encode(),
    "semicolons": table(";").encode(),
    "tabs": table("\t").encode(),
    "Windows lines": table(end="\r\n").encode(),
    "a label that is called so": b"label;a;b\n0;1;2\n1;3;5\n0;7;1\n",
    "numbers for classes": b"a,b,c\n1,2,10\n3,4,9\n5,1,9\n",
    "quotation marks": b'"height, cm",weight,y\n1,2,0\n3,4,1\n',
    "no names": b"a,,\n1,2.5,0\n3,1.5,1\n",
    "yes and no": "рост;вес;болен\n1;10;нет\n3;30;да\n5;50;да\n".encode(),
    "positive and negative": b"a,b,test\n1,1,positive\n2,1,negative\n1,4,negative\n",
    "far from zero": b"a,b,y\n1000001,1e-9,0\n1000002,2e-9,1\n1000004,9e-9,1\n",
    "as many as a link holds": many(MOST_POINTS),
    "many": many(2_500),
}


@pytest.mark.parametrize("name", ALIKE)
def test_the_page_makes_the_points_of_a_table_that_python_makes(page, name, tmp_path):
    raw = ALIKE[name]
    found = read(page, raw)
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    data = read_dataset(path, label=found["suggested"]["label"])
    rows = sample(
        replace(data, features=standardize(data.features, measure_scaling(data))), MOST_POINTS, seed=0
    )
    wanted = torch.cat([rows.features.round(decimals=DECIMALS), rows.labels[:, None]], 1)
    torch.testing.assert_close(torch.tensor(found["points"], dtype=torch.float64), wanted, rtol=0, atol=1e-9)
    chosen = found["suggested"]
    assert [chosen["x1"], chosen["x2"], chosen["one"]] == [*data.feature_names, data.classes[1]]


RUSSIAN = "рост;вес;болен\n1,5;20;да\n3,25;40,5;нет\n5;10;нет\n-2;0,5;да\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_table_and_points(page, encoding):
    found = read(page, RUSSIAN.encode(encoding))
    assert found["names"] == ["рост", "вес", "болен"]
    assert found["decimalComma"]
    assert found["points"] == read(page, table(rows=ROWS).encode())["points"]
    assert found["suggested"] == {"x1": "рост", "x2": "вес", "label": "болен", "one": "да"}
    assert found["said"] == ["playground.page.opened"]


def test_letters_of_western_languages_stay_what_they_are(page):
    assert read(page, "größe,poids,sexe\n1,2,0\n3,4,1\n".encode("cp1252"))["names"] == [
        "größe",
        "poids",
        "sexe",
    ]


@pytest.mark.parametrize(
    ("mark", "comma"), [(",", False), (";", False), (";", True), ("\t", False), ("\t", True), ("|", False)]
)
def test_marks_between_columns_and_decimal_commas_are_found(page, mark, comma):
    found = read(page, table(mark, comma=comma).encode())
    assert found["decimalComma"] == comma
    assert found["points"] == read(page, table().encode())["points"]


def test_what_spreadsheets_add_is_understood(page):
    raw = 'sep=;\r\nрост;доход;y\r\n"1 234,5";1\u00a0000\u00a0000;0\r\n−2;3;1\r\n\r\n0,5;2 000;1\r\n'.encode()
    found = read(page, raw)
    assert found["rows"] == 3
    assert found["suggested"] == {"x1": "рост", "x2": "доход", "label": "y", "one": "1"}
    assert found["points"][0][:2] == pytest.approx([1.414, 1.414], abs=1e-3)


def test_a_table_without_names_has_counted_ones(page):
    found = read(page, b"1,2,0\n3,4,1\n5,5,0\n")
    assert found["names"] == ["column_1", "column_2", "column_3"]
    assert len(found["points"]) == 3


def test_columns_of_words_are_chosen_away_and_told(page):
    raw = b"city,a,name,b,sick,mark\nX,1,p,2,yes,m\nY,2,q,4,no,m\nX,4,r,4,no,m\nZ,3,s,1,yes,m\n"
    found = read(page, raw)
    assert found["suggested"] == {"x1": "a", "x2": "b", "label": "sick", "one": "yes"}
    assert found["said"] == ["playground.page.opened", "playground.csv.words"]
    assert found["sentences"][0][1] == "3 columns of words are left out: city, name, mark."
    assert found["possible"] == [["a", "b"], ["city", "a", "name", "b", "sick"]]


def test_columns_can_be_chosen(page):
    raw = b"a,b,c,y,z\n1,2,9,0,1\n3,4,7,1,1\n5,1,8,0,0\n"
    found = read(page, raw, x1="c", x2="a", label="z", one="0")
    assert [label for *_, label in found["points"]] == [0, 0, 1]
    assert (found["suggested"]["x1"], found["suggested"]["x2"]) == ("c", "a")


def test_of_three_classes_one_stands_against_the_others_and_is_told(page):
    raw = b"a,b,kind\n1,2,setosa\n3,4,virginica\n5,1,versicolor\n4,4,virginica\n"
    found = read(page, raw)
    assert [label for *_, label in found["points"]] == [0, 1, 0, 1]
    assert found["sentences"][0][1] == "virginica is class 1, the other 2 values of kind are class 0."
    chosen = read(page, raw, one="setosa")
    assert [label for *_, label in chosen["points"]] == [1, 0, 0, 0]


def test_rows_that_are_not_complete_are_left_out_and_counted(page):
    raw = b"a,b,y\n1,2,0\n3,?,1\n3,4\n5,6,1\n7,8,NA\n9,1e999,1\n2,2,0,7\n"
    found = read(page, raw)
    assert len(found["points"]) == 2
    assert found["sentences"][0][:2] == [
        "2 of 7 rows: y = 1 is class 1, a and b are standardized.",
        "5 rows that are not complete are left out.",
    ]


@pytest.mark.slow
def test_of_a_hundred_thousand_rows_a_sample_is_kept_and_told(page):
    found = read(page, many(100_000))
    assert len(found["points"]) == MOST_POINTS
    assert found["sentences"][0][-1] == "2000 of 100,000 rows are drawn by chance."
    assert found["sentences"][1][-1] == "Случайно выбрано 2000 строк из 100\u00a0000."


@pytest.mark.slow
def test_a_rare_class_is_in_the_sample(page):
    rows = [(i % 97, i % 89, int(i == 70_000)) for i in range(90_000)]
    found = read(page, table(rows=rows).encode())
    assert sum(label for *_, label in found["points"]) == 1


BAD = {
    "nothing": (b"", "csv.empty"),
    "white space": (b" \n\n", "csv.empty"),
    "a workbook": (b"PK\x03\x04" + b"\x00" * 100, "csv.workbook"),
    "bytes": (bytes(range(256)) * 4, "csv.binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200)), "csv.binary"),
    "a name only": (b"a,b,y\n", "csv.rows"),
    "one column": (b"a\n1\n2\n", "csv.numbers"),
    "two columns": (b"a,y\n1,0\n2,1\n", "csv.numbers"),
    "words": (b"a,b,y\nx,p,0\ny,q,1\n", "csv.numbers"),
    "a sentence": ("Просто письмо без таблицы.".encode(), "csv.rows"),
    "a page": (b"<!doctype html>\n<html>\n<p>one</p>\n</html>\n", "csv.numbers"),
    "one class": (b"a,b,y\n1,2,0\n3,4,0\n", "points.one_class"),
    "a quantity for a label": (
        b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (i, -i, i) for i in range(60)),
        "csv.classes",
    ),
    "gaps everywhere": (b"a,b,y\n1,,0\n,4,1\n2,,1\n,3,0\n", "csv.rows"),
    "columns that never change": (b"a,b,y\n1,2,0\n1,2,1\n", "csv.numbers"),
}


def test_a_column_that_never_changes_is_not_counted_among_those_that_vary(page):
    found = read(page, BAD["columns that never change"][0])
    assert found["sentences"][0].endswith("this file has 0: –.")
    found = read(page, b"a,b,y\n1,2,0\n1,3,1\n")
    assert found["sentences"][0].endswith("this file has 1: b.")


@pytest.mark.slow
def test_a_file_that_no_class_needs_is_refused(page):
    found = read(page, b"a,b,y\n" + b"1,2,0\n3,4,1\n" * 1_800_000)
    assert found["sentences"][0].startswith("This file is too large: at most 20 MB")


@pytest.mark.parametrize("name", BAD)
def test_a_file_of_no_use_is_refused_in_both_languages(page, name):
    raw, code = BAD[name]
    found = read(page, raw)
    assert found.get("code") == f"playground.{code}", found
    english, russian = found["sentences"]
    assert english != russian
    assert not {"{", "undefined"} & {*(english + russian).split()}
    assert "{" not in english + russian
