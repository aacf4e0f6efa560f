"""CSV files: what the neuron can use becomes points, everything else a sentence."""

import re
from pathlib import Path

import pytest

from soloneuron.data import files
from soloneuron.errors import SoloneuronError
from soloneuron.playground.config import MOST_POINTS
from soloneuron.playground.link import read_link
from soloneuron.playground.upload import points_of_csv
from soloneuron.texts import LANGUAGES, table, text


def test_two_columns_and_a_label_become_standardized_points():
    link, said = points_of_csv(b"height,weight,sick\n1,10,no\n3,30,yes\n5,50,yes\n3,30,no\n")
    config = read_link(link)
    assert [p.label for p in config.points] == [0, 1, 1, 0]
    assert sum(p.x1 for p in config.points) == pytest.approx(0)
    assert said["one"] == "yes"


def test_a_column_called_label_is_the_label_wherever_it_stands():
    link, _ = points_of_csv(b"label;a;b\n0;1;2\n1;3;5\n")
    assert [p.label for p in read_link(link).points] == [0, 1]


def test_of_many_rows_a_sample_is_kept():
    rows = "".join(f"{i},{-i},{i % 2}\n" for i in range(1000))
    link, said = points_of_csv(b"a,b,y\n" + rows.encode())
    assert said["rows"] == 1000
    assert len(read_link(link).points) == MOST_POINTS


def test_names_in_quotation_marks_may_hold_the_mark_between_columns():
    _, said = points_of_csv(b'"height, cm",weight,y\n1,2,0\n3,4,1\n')
    assert said["x1"] == "height, cm"


def test_columns_without_a_name_are_counted():
    _, said = points_of_csv(b"a,,\n1,2,0\n3,4,1\n")
    assert (said["x2"], said["label"]) == ("column_2", "column_3")


BAD = [
    (b"", "file.empty"),
    (b"a,b\n1,2\n", "playground.csv.columns"),
    (b"a,b,c,y\n1,2,3,0\n1,2,3,1\n", "playground.csv.columns"),
    (b"\xff\xfe\x00", "file.encoding"),
    (b"a,b,y\n1,2,0\n3,4,0\n", "playground.points.one_class"),
    (b"a,b,y\n", "file.rows"),
    (b"1,2,0\n3,4,1\n", "file.header"),
    (b"a,a,y\n1,2,0\n3,4,1\n", "file.duplicate"),
    (b"a,b,y\n1,2\n3,4,1\n", "file.ragged"),
    (b"a,b,y\n1,x,0\n3,4,1\n", "columns.uploaded_word"),
    (b"a;b;y\n1;2,5;0\n3;4.5;1\n", "file.marks"),
    (b"a,b,y\n1,,0\n3,4,1\n", "columns.uploaded_gap"),
    (b"a,b,y\n1,2,\n3,4,1\n", "columns.uploaded_gap"),
    (b"a,b,y\n1,inf,0\n3,4,1\n", "file.finite"),
    (b"a,b,y\n1.5e308,1.5e308,0\n3,4,1\n", "file.large"),
    (b'a,b,y\n1,2,"0\n3,4,1\n', "file.csv"),
    (b"a,b,y\n1,2,\x00\n3,4,1\n", "file.binary"),
    (b"a,b,y\n1,2,0\n3,4,1\n3,4,2\n", "label.classes"),
]


@pytest.mark.parametrize(("raw", "code"), BAD)
def test_a_file_that_the_neuron_cannot_use_is_refused_in_both_languages(raw, code):
    with pytest.raises(SoloneuronError) as refusal:
        points_of_csv(raw)
    assert refusal.value.code == code
    assert "upload.csv" not in str(refusal.value)
    key = code.replace(".", ".errors.", 1) if code.startswith("playground.") else f"faults.{code}"
    english, russian = (text(language, key, **refusal.value.fields) for language in LANGUAGES)
    assert english != russian
    assert "{" not in english + russian


def test_every_fault_of_the_reader_has_its_sentence():
    readers = Path(files.__file__).parent.glob("*.py")
    codes = {code for path in readers for code in re.findall(r'code="file\.(\w+)"', path.read_text())}
    assert len(codes) > 8
    for language in LANGUAGES:
        assert codes <= set(table(language, "faults")["file"])
