"""CSV files: what the neuron can use becomes points, everything else a sentence."""

import pytest

from soloneuron.errors import SoloneuronError
from soloneuron.playground.config import MOST_POINTS, read_link
from soloneuron.playground.upload import points_of_csv


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


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "playground.csv.columns"),
        (b"a,b\n1,2\n", "playground.csv.columns"),
        (b"a,b,c,y\n1,2,3,0\n1,2,3,1\n", "playground.csv.columns"),
        (b"\xff\xfe\x00", "playground.csv.text"),
        (b"a,b,y\n", "file.rows"),
        (b"a,b,y\n1,2,0\n3,4,0\n", "playground.points.one_class"),
        (b"a,b,y\n1,2,0\n3,4,1\n3,4,2\n", "label.classes"),
        (b"a,b,y\n1,x,0\n3,4,1\n", None),
        (b"a,b,y\n1,,0\n3,4,1\n", None),
    ],
)
def test_a_file_that_the_neuron_cannot_use_is_refused(raw, code):
    with pytest.raises(SoloneuronError) as refusal:
        points_of_csv(raw)
    assert code is None or refusal.value.code == code
    assert str(refusal.value)
