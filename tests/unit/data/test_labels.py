"""Labels: two words become 0 and 1, in the same way from every file."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from soloneuron.data.datasets import read_dataset
from soloneuron.data.labels import classes_of_words
from soloneuron.errors import InputError, UnknownNameError


@pytest.mark.parametrize(
    ("values", "classes", "labels"),
    [
        ("0 1 1", ("0", "1"), [0, 1, 1]),
        ("1 0 1", ("0", "1"), [1, 0, 1]),
        ("1.0 0.0 1", ("0", "1"), [1, 0, 1]),
        ("10 9 10", ("9", "10"), [1, 0, 1]),
        ("-1 1 -1", ("-1", "1"), [0, 1, 0]),
        ("True False True", ("False", "True"), [1, 0, 1]),
        ("TRUE false true", ("False", "True"), [1, 0, 1]),
        ("none some none", ("none", "some"), [0, 1, 0]),
        ("no yes no", ("no", "yes"), [0, 1, 0]),
        ("1e3 1000 2", ("2", "1000"), [1, 1, 0]),
        ("1234567 1234568 1234567", ("1234567", "1234568"), [0, 1, 0]),
        ("0.12345678 0.12345679 0.12345678", ("0.12345678", "0.12345679"), [0, 1, 0]),
    ],
)
def test_two_values_are_sorted_as_numbers_if_they_are_and_as_words_if_not(values, classes, labels, csv):
    data = read_dataset(csv("x,y\n" + "".join(f"1,{value}\n" for value in values.split())), label="y")
    assert (data.classes, data.labels.tolist()) == (classes, labels)


@pytest.mark.parametrize(("positive", "classes"), [("no", ("yes", "no")), ("yes", ("no", "yes"))])
def test_positive_says_which_value_is_one(positive, classes, csv):
    data = read_dataset(csv("x,y\n1,no\n2,yes\n"), label="y", positive=positive)
    assert data.classes == classes
    assert data.labels.tolist() == [float(word == positive) for word in ("no", "yes")]


@pytest.mark.parametrize("positive", ["0", "0.0", "0.00"])
def test_positive_is_compared_as_the_number_it_is(positive, csv):
    assert read_dataset(csv("x,y\n1,0.0\n2,1.0\n"), label="y", positive=positive).classes == ("1", "0")


@pytest.mark.parametrize("positive", ["false", "False", "FALSE"])
def test_positive_is_compared_as_the_truth_it_is(positive, csv):
    classes = read_dataset(csv("x,y\n1,TRUE\n2,FALSE\n"), label="y", positive=positive).classes
    assert classes == ("True", "False")


def test_truths_are_the_same_classes_in_csv_and_parquet(csv, tmp_path):
    columns = {"x": [1.0, 2.0], "y": [True, False]}
    parquet.write_table(pa.table(columns), tmp_path / "file.parquet")
    typed = read_dataset(tmp_path / "file.parquet", label="y")
    plain = read_dataset(csv("x,y\n1,true\n2,false\n"), label="y")
    assert (typed.classes, typed.labels.tolist()) == (plain.classes, plain.labels.tolist())
    assert typed.classes == ("False", "True")


def test_an_unknown_positive_value_is_refused(csv):
    with pytest.raises(UnknownNameError, match="unknown label value 'ye': did you mean 'yes'"):
        read_dataset(csv("x,y\n1,no\n2,yes\n"), label="y", positive="ye")


def test_known_classes_are_kept_also_if_only_one_of_them_occurs(csv):
    data = read_dataset(csv("x,y\n1,no\n2,no\n"), label="y", classes=("yes", "no"))
    assert (data.classes, data.labels.tolist()) == (("yes", "no"), [1, 1])


def test_a_value_outside_the_known_classes_is_named_by_its_row(csv):
    with pytest.raises(InputError, match="'y' must be 'yes' or 'no', got 'perhaps' in line 3") as caught:
        read_dataset(csv("x,y\n1,no\n2,perhaps\n"), label="y", classes=("yes", "no"))
    assert (caught.value.code, caught.value.fields["row"]) == ("label.value", 1)


@pytest.mark.parametrize(
    ("value", "classes", "label"), [("1", ("", "1"), 1), ("0", ("0", ""), 0), ("cat", ("cat", ""), 0)]
)
def test_of_one_class_the_other_has_no_name(value, classes, label, csv):
    data = read_dataset(csv(f"x,y\n1,{value}\n2,{value}\n"), label="y")
    assert (data.classes, data.labels.tolist()) == (classes, [label, label])


@pytest.mark.parametrize("classes", [("", "1"), ("1", "")])
def test_of_a_known_class_without_a_name_nothing_is_said(classes, csv):
    with pytest.raises(InputError, match="'y' must be '1', the only value known, got '0' in line 3"):
        read_dataset(csv("x,y\n1,1\n2,0\n"), label="y", classes=classes)


def test_probabilities_as_labels_are_sent_to_where_they_are_taken(csv):
    with pytest.raises(InputError, match=r"got 3: 0, 0.5, 1 \(.*soloneuron.fit does"):
        read_dataset(csv("x,y\n1,0\n2,0.5\n3,1\n"), label="y")


def test_three_values_are_refused_and_the_first_five_named(csv):
    with pytest.raises(InputError, match=r"must have two values, got 7: 0, 1, 2, 3, 4 \.\.\.") as caught:
        read_dataset(csv("x,y\n" + "".join(f"1,{i}\n" for i in range(7))), label="y")
    assert caught.value.code == "label.classes"


@pytest.mark.parametrize(
    ("values", "classes", "labels"),
    [
        ("Да Нет Да", ("Нет", "Да"), [1, 0, 1]),
        ("да нет ДА", ("нет", "да"), [1, 0, 1]),
        ("истина ложь истина", ("ложь", "истина"), [1, 0, 1]),
        ("Y N y", ("N", "Y"), [1, 0, 1]),
        ("+ - +", ("-", "+"), [1, 0, 1]),
        ("-1 +1 1.0", ("-1", "1"), [0, 1, 1]),
        ("positive negative positive", ("negative", "positive"), [1, 0, 1]),
        ("active inactive active", ("inactive", "active"), [1, 0, 1]),
        ("cat dog cat", ("cat", "dog"), [0, 1, 0]),
    ],
)
def test_the_word_that_says_yes_is_class_1(values, classes, labels, csv):
    data = read_dataset(
        csv("x,y\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values.split()))), label="y"
    )
    assert (data.classes, data.labels.tolist()) == (classes, labels)


@pytest.mark.parametrize(("positive", "given"), [("b", "b"), ("2", "2.0")])
def test_one_of_several_classes_is_held_against_the_rest(positive, given, csv):
    words = ["1", "2", "3"] if positive == "2" else ["a", "b", "c"]
    data = read_dataset(
        csv("x,y\n" + "".join(f"{i},{w}\n" for i, w in enumerate(words * 2))), label="y", positive=given
    )
    assert data.labels.tolist() == [0, 1, 0] * 2
    assert data.classes == (f"not {positive}", positive)
    assert data.rest == tuple(word for word in words if word != positive)


def test_of_several_classes_one_is_proposed_and_of_a_quantity_none(csv):
    with pytest.raises(InputError, match="positive='да'") as caught:
        read_dataset(csv("x,y\n1,да\n2,нет\n3,не знаю\n"), label="y")
    assert caught.value.fields["settings"] == {"positive": "да"}
    with pytest.raises(InputError, match=r"got 51: .* \.\.\.$"):
        read_dataset(csv("x,y\n" + "".join(f"1,{i}\n" for i in range(51))), label="y")


@pytest.mark.parametrize("gap", [None, float("nan")])
def test_a_label_that_is_missing_among_words_is_told_by_its_row(gap):
    with pytest.raises(InputError, match=r"no missing value, got .* in row 1"):
        classes_of_words(["да", gap, "нет"])
