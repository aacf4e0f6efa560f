"""``soloneuron train FILE``: formats, columns and labels."""

import math

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from soloneuron import load_model
from soloneuron.texts import text

HARDLY = 1e-12
"""The same sums in another order: a few hundred roundings of 1e-16, and room."""


def found(answer):
    """Weights and bias of an answer in JSON."""
    return [*answer.json["weights"].values(), answer.json["bias"]]


# Formats


def write_csv(path, rows, *, delimiter=",", newline="\n", encoding="utf-8", quote=""):
    names = [f"{quote}{name}{quote}" for name in ("height", "weight", "sick")]
    lines = [names, *([repr(a), repr(b), str(c)] for a, b, c in rows)]
    path.write_bytes("".join(delimiter.join(line) + newline for line in lines).encode(encoding))


def write_parquet(path, rows):
    columns = zip(("height", "weight", "sick"), zip(*rows, strict=True), strict=True)
    parquet.write_table(pa.table(dict(columns)), path)


FORMATS = {
    "commas.csv": write_csv,
    "semicolons.csv": lambda path, rows: write_csv(path, rows, delimiter=";"),
    "tabs.csv": lambda path, rows: write_csv(path, rows, delimiter="\t"),
    "tabs.tsv": lambda path, rows: write_csv(path, rows, delimiter="\t"),
    "plain.txt": write_csv,
    "LOUD.CSV": write_csv,
    "mark.csv": lambda path, rows: write_csv(path, rows, encoding="utf-8-sig"),
    "quoted.csv": lambda path, rows: write_csv(path, rows, quote='"'),
    "quoted and marked.csv": lambda path, rows: write_csv(path, rows, quote='"', encoding="utf-8-sig"),
    "spaces.csv": lambda path, rows: write_csv(path, rows, delimiter=", "),
    "windows.csv": lambda path, rows: write_csv(path, rows, newline="\r\n"),
    "blank lines.csv": lambda path, rows: write_csv(path, rows, newline="\n\n"),
    "table.parquet": write_parquet,
    "table.pq": write_parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_same_rows_trains_the_same_neuron(name, solo, folder, rows, clinic):
    FORMATS[name](folder / name, rows)
    answer = solo("train", name, "--label", "sick", "--json")
    assert answer.json["weights"] == solo("train", clinic, "--label", "sick", "--json").json["weights"]
    assert list(answer.json["weights"]) == ["height", "weight"]


@pytest.mark.parametrize("label", ["2", "-1"])
@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_a_numpy_table_trains_the_same_neuron_and_its_label_is_an_index(
    suffix, label, solo, folder, rows, clinic
):
    (np.save if suffix == "npy" else np.savez)(folder / f"table.{suffix}", np.array(rows))
    answer = solo("train", f"table.{suffix}", "--label", label, "--json")
    assert list(answer.json["weights"]) == ["0", "1"]
    assert found(answer) == found(solo("train", clinic, "--label", "sick", "--json"))


def test_cyrillic_names_and_values_are_learned_and_printed(solo, folder):
    (folder / "врачи.csv").write_text("рост;вес;болен\n1;2;да\n2;1;нет\n3;5;да\n", encoding="utf-8-sig")
    answer = solo("train", "врачи.csv", "--label", "болен", "--lang", "ru", "-o", "модель.json")
    assert (answer.code, answer.err) == (0, "")
    assert "болен: нет — это 0, да — это 1" in answer.words
    assert "врачи.csv: 3 строки, 2 признака" in answer.words
    assert "рост" in answer.words
    model = load_model(folder / "модель.json").record
    assert (model.label_name, model.classes, model.feature_names) == ("болен", ("нет", "да"), ("рост", "вес"))
    assert "болен" in (folder / "модель.json").read_text(encoding="utf-8")


def test_names_that_look_like_markup_are_printed_as_they_stand(solo, folder):
    (folder / "odd.csv").write_text("[/x],[red]z,:smile:,y\n1,2,3,0\n2,1,1,1\n")
    answer = solo("train", "odd.csv", "--label", "y")
    assert answer.code == 0
    for name in ("[/x]", "[red]z", ":smile:"):
        assert name in answer.out


def test_a_name_with_the_other_delimiter_in_quotes_does_not_mislead_the_reader(solo, folder):
    (folder / "units.csv").write_text('"height, cm";"weight, kg";y\n1;2;0\n2;1;1\n')
    answer = solo("train", "units.csv", "--label", "y", "--json")
    assert answer.code == 0
    assert list(answer.json["weights"]) == ["height, cm", "weight, kg"]


# Columns and labels


def test_features_chooses_columns_and_drop_leaves_them_out(solo, clinic):
    chosen = solo("train", clinic, "--label", "sick", "--features", "weight", "--json").json
    dropped = solo("train", clinic, "--label", "sick", "--drop", "height", "--json").json
    assert list(chosen["weights"]) == ["weight"]
    assert dropped["weights"] == chosen["weights"]


def test_features_keeps_the_order_in_which_they_were_named(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--features", " weight , height", "--json")
    assert list(answer.json["weights"]) == ["weight", "height"]


def test_a_name_with_a_comma_is_chosen_and_dropped_in_quotes(solo, folder):
    (folder / "units.csv").write_text('"height, cm","weight, kg",age,y\n1,2,3,0\n2,1,5,1\n')
    start = ["train", "units.csv", "--label", "y", "--json"]
    chosen = solo(*start, "--features", 'age, "height, cm"').json["weights"]
    dropped = solo(*start, "--drop", '"height, cm",age').json["weights"]
    assert (list(chosen), list(dropped)) == (["age", "height, cm"], ["weight, kg"])


@pytest.mark.parametrize("arguments", [["--features", "-2,0"], ["--features=-2,0"], ["--features", "1,0"]])
def test_columns_counted_from_the_end_may_stand_first(arguments, solo, folder, rows):
    np.save(folder / "table.npy", np.array(rows))
    answer = solo("train", "table.npy", "--label", "-1", *arguments, "--json")
    assert list(answer.json["weights"]) == ["1", "0"]


def test_a_text_column_may_be_dropped(solo, folder):
    (folder / "names.csv").write_text("name,x,y\nAnn,1,0\nBob,2,1\n")
    answer = solo("train", "names.csv", "--label", "y", "--drop", "name", "--json")
    assert (answer.code, list(answer.json["weights"])) == (0, ["x"])


def test_without_any_feature_the_bias_alone_learns_how_common_the_label_is(solo, clinic):
    everything = ["--drop", "height,weight", "--batch-size", "all", "--learning-rate", 4, "--epochs", 500]
    answer = solo("train", clinic, "--label", "sick", *everything, "--json")
    assert answer.json["weights"] == {}
    assert math.isclose(answer.json["bias"], math.log(24 / 36), abs_tol=1e-9)


def test_a_neuron_with_neither_feature_nor_bias_answers_one_half(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--drop", "height,weight", "--no-bias", "--json")
    assert answer.code == 0
    assert math.isclose(answer.json["metrics"]["training"]["log_loss"], math.log(2), abs_tol=HARDLY)


def write_labels(folder, zero, one):
    (folder / "words.csv").write_text(f"x,y\n1,{one}\n2,{zero}\n3,{one}\n5,{zero}\n")
    return folder / "words.csv"


@pytest.mark.parametrize(
    ("zero", "one"),
    [("0", "1"), ("0.0", "1.0"), ("-1", "1"), ("9", "10"), ("False", "True"), ("ham", "spam")],
)
def test_of_two_label_values_the_larger_is_one_and_this_is_said_if_it_is_not_plain(zero, one, solo, folder):
    path = write_labels(folder, zero, one)
    classes = solo("train", path, "--label", "y", "--json").json["classes"]
    assert classes == [zero.removesuffix(".0"), one.removesuffix(".0")]
    said = solo("train", path, "--label", "y").out.startswith(f"y: {zero} is 0, {one} is 1")
    assert said == (classes != ["0", "1"])


def test_two_long_numbers_as_labels_stay_two_classes(solo, folder):
    path = write_labels(folder, "1234567", "1234568")
    assert solo("train", path, "--label", "y", "--json").json["classes"] == ["1234567", "1234568"]


def test_positive_turns_the_neuron_around(solo, folder):
    path = write_labels(folder, "no", "yes")
    plain = solo("train", path, "--label", "y", "--json")
    turned = solo("train", path, "--label", "y", "--positive", "no", "--json")
    assert turned.json["classes"] == ["yes", "no"]
    assert found(turned) == pytest.approx([-value for value in found(plain)], abs=HARDLY)


def test_positive_may_be_spelled_as_in_the_file(solo, folder):
    path = write_labels(folder, "0.0", "1.0")
    answer = solo("train", path, "--label", "y", "--positive", "0.0", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["classes"] == ["1", "0"]


def test_two_shares_as_labels_are_noted_to_be_names(solo, folder):
    answer = solo("train", write_labels(folder, "0", "0.5"), "--label", "y")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: the label 'y' holds 0 and 0.5: they are taken as the names of two classes, "
        "not as probabilities\n"
    )


def test_a_label_may_say_none(solo, folder):
    answer = solo("train", write_labels(folder, "none", "some"), "--label", "y", "--json")
    assert (answer.code, answer.json["classes"]) == (0, ["none", "some"])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_class_that_is_held_out_whole_is_noted(language, solo, folder):
    (folder / "few.csv").write_text("x,y\n" + "".join(f"{i},{int(i == 3)}\n" for i in range(9)))
    options = ["--label", "y", "--test-share", 0.6, "--lang", language]
    answer = solo("train", "few.csv", *options)
    assert answer.code == 0
    note = text(language, "cli.one_class_left", label="y", word="0")
    word = {"en": "note", "ru": "замечание"}[language]
    assert answer.err == f"soloneuron: {word}: {note}\n"
    assert solo("train", "few.csv", "--label", "y", "--test-share", 0.4).err == ""


def test_a_model_of_one_class_says_that_class_and_knows_no_other(solo, folder):
    path = write_labels(folder, "1", "1")
    solo("train", path, "--label", "y", "-o", "m.json", "--epochs", 1)
    (folder / "other.csv").write_text("x,y\n-99,0\n1,1\n")
    assert {line.split(",")[0] for line in solo("predict", "m.json", "other.csv").out.split()[1:]} == {"1"}
    answer = solo("evaluate", "m.json", "other.csv")
    assert (answer.code, "'y' must be '1', the only value known, got '0' in line 2" in answer.err) == (
        2,
        True,
    )


def test_one_class_trains_with_a_note_on_stderr(solo, folder):
    path = write_labels(folder, "1", "1")
    answer = solo("train", path, "--label", "y")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: the label 'y' holds one value only: the neuron can only learn to say '1'\n"
    )
