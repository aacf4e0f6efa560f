"""Files as people have them: text, dates, gaps and ids are learned from, and new rows are treated alike."""

import csv
import json
import random
import shlex

import pytest

from soloneuron.cli import main

TITANIC = ["--label", "Survived", "--encode", "--missing", "median", "--drop", "PassengerId,Name,Cabin"]


def write(path, names, rows, **dialect):
    with path.open("w", newline="", encoding=dialect.pop("encoding", "utf-8")) as file:
        csv.writer(file, **dialect).writerows([names, *rows])
    return path.name


def titanic(path, rows=90, *, ports="SCQ", seed=0):
    chance = random.Random(seed)

    def row(i):
        sex, port = chance.choice(["male", "female"]), chance.choice([*ports, ""])
        age = "" if chance.random() < 0.2 else round(chance.uniform(1, 80))
        cabin = "" if chance.random() < 0.5 else f"C{i}"
        lived = int(chance.random() < (0.8 if sex == "female" else 0.2))
        return [
            i + 1,
            lived,
            f'Braund{i}, "Mr." Owen',
            sex,
            age,
            round(chance.expovariate(0.03), 2),
            cabin,
            port,
        ]

    names = ["PassengerId", "Survived", "Name", "Sex", "Age", "Fare", "Cabin", "Embarked"]
    return write(path, names, map(row, range(rows)))


def bank(path, rows=60, *, seed=0):
    chance = random.Random(seed)

    def row(_):
        job, loan = chance.choice(["admin.", "services", "unknown"]), chance.choice(["yes", "no"])
        day = f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.2024"
        return [chance.randint(20, 80), job, loan, day, "yes" if chance.random() < 0.4 else "no"]

    return write(path, ["age", "job", "loan", "called", "y"], map(row, range(rows)), delimiter=";")


def test_a_titanic_is_learned_and_new_rows_are_treated_alike(solo, folder):
    train, test = titanic(folder / "train.csv"), titanic(folder / "test.csv", 30, ports="SCX", seed=1)
    learned = solo("train", train, *TITANIC, "-o", "m.json", "--json")
    assert learned.code == 0
    names = ["Age", "Fare", "Sex=female", "Sex=male", "Embarked=C", "Embarked=Q", "Embarked=S"]
    assert list(learned.json["weights"]) == names
    model = json.loads((folder / "m.json").read_text())
    assert [column["kind"] for column in model["columns"]] == ["one_hot", "number", "number", "one_hot"]
    again = solo("evaluate", "m.json", train, "--json")
    assert again.json["metrics"] == pytest.approx(learned.json["metrics"]["training"], abs=1e-12)
    predicted = solo("predict", "m.json", test)
    assert len(predicted.out.splitlines()) == 31
    assert "'Embarked' has words that were not there in the training (X)" in predicted.err


def test_a_bank_with_semicolons_is_learned_yes_against_no(solo, folder):
    answer = solo("train", bank(folder / "bank.csv"), "--label", "y", "--encode", "-o", "m.json", "--json")
    assert answer.json["classes"] == ["no", "yes"]
    assert list(answer.json["weights"]) == [
        "age",
        "loan",
        "called",
        "job=admin.",
        "job=services",
        "job=unknown",
    ]
    predicted = solo("predict", "m.json", bank(folder / "new.csv", 10, seed=1)).out.splitlines()
    assert predicted[0] == "y,probability"
    assert {line.split(",")[0] for line in predicted[1:]} <= {"yes", "no"}


def test_a_russian_table_of_excel_is_learned(solo, folder):
    chance = random.Random(0)
    rows = [
        [f"{chance.uniform(10, 90):.1f}".replace(".", ","), chance.choice(["Москва", "Тверь"]),
         chance.choice(["да", "нет"]), f"{chance.randint(1, 28)}.0{chance.randint(1, 9)}.2023",
         chance.choice(["Да", "Нет"])]
        for _ in range(40)
    ]  # fmt: skip
    names = ["Доход, тыс. руб.", "Город", "Кредит", "Дата", "Вернул"]
    write(folder / "банк.csv", names, rows, delimiter=";", encoding="cp1251")
    words = ["train", "банк.csv", "--label", "Вернул", "--lang", "ru"]
    refused = solo(*words)
    assert refused.code == 2
    learned = solo(*words, "--encode", "-o", "m.json")
    assert "Вернул: Нет — это 0, Да — это 1" in learned.words
    assert "Город=Москва" in learned.words
    assert solo("evaluate", "m.json", "банк.csv", "--json").json["rows"] == 40


def test_all_faults_are_told_at_once_with_the_command_that_goes_on(refused, folder, solo):
    told = refused("train", titanic(folder / "t.csv"), "--label", "Survived", "--epochs", "3")
    for column in ("Name", "Sex", "Age", "Embarked"):
        assert f"'{column}'" in told
    command = told.strip().partition("go on with  ")[2]
    assert (
        command == "soloneuron train t.csv --label Survived --epochs 3 --drop Name --encode --missing median"
    )
    assert solo(*shlex.split(command)[1:]).code == 0


ODD_NAMES = [
    "Доход, тыс. руб.",
    'the "new" one',
    '"',
    "it's",
    "two words",
    "-weight",
    "--drop",
    "-2,0",
    "a=b",
    "--=",
    "line\nbreak, and comma",
    "tab\there",
    "$HOME `x` ;|&",
    "back\\slash",
    "#",
    "*",
    "é, ё",
    "\x1b[31mred",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_the_command_works_when_it_is_pasted_whatever_a_column_is_called(name, refused, folder, solo):
    rows = [[f"text {i}", i % 7, i % 3, f"other {i}", i % 2] for i in range(60)]
    write(folder / "odd.csv", [name, "x", "z", "more", "y"], rows)
    told = refused("train", "odd.csv", "--label", "y", "--drop", "z")
    words = shlex.split(told.partition("go on with  ")[2])
    answer = solo(*words[1:], "--json")
    assert answer.code == 0, answer.err
    assert list(answer.json["weights"]) == ["x"]


def test_a_feature_that_is_no_number_is_taken_from_the_list_of_features(refused, folder):
    rows = [[f"text {i}", i % 7, i % 2] for i in range(60)]
    write(folder / "f.csv", ["a,b", "x", "y"], rows)
    told = refused("train", "f.csv", "--features", 'x,"a,b"', "--label", "y")
    assert told.strip().endswith("go on with  soloneuron train f.csv --label y --features x")


def test_three_classes_are_one_against_the_rest(refused, folder, solo):
    rows = [[i, i * i % 7, ["setosa", "versicolor", "virginica"][i % 3]] for i in range(30)]
    write(folder / "iris.csv", ["a", "b", "kind"], [[a / 2, b, kind] for a, b, kind in rows])
    told = refused("train", "iris.csv", "--label", "kind", "-o", "m.json")
    words = shlex.split(told.partition("mean 0 then: go on with  ")[2])
    assert words[-2:] == ["--positive", "virginica"]
    assert solo(*words[1:]).code == 0
    assert solo("evaluate", "m.json", "iris.csv", "--json").json["rows"] == 30
    assert {line.split(",")[0] for line in solo("predict", "m.json", "iris.csv").out.splitlines()[1:]} <= {
        "virginica",
        "not virginica",
    }


def test_rows_that_are_left_out_in_training_have_no_prediction(solo, folder):
    write(folder / "d.csv", ["x", "y"], [[i % 5 if i else "", i % 2] for i in range(20)])
    learned = solo("train", "d.csv", "--label", "y", "--missing", "drop", "-o", "m.json", "--json").json
    assert learned["settings"]["rows"] == 19
    assert solo("evaluate", "m.json", "d.csv", "--json").json["rows"] == 19
    answer = solo("predict", "m.json", "d.csv")
    assert answer.out.splitlines()[1] == ","
    assert len(answer.out.splitlines()) == 21
    assert "1 row has a missing cell, and no prediction" in answer.err


def test_an_index_without_a_name_is_left_out_and_told(solo, folder):
    write(folder / "p.csv", ["", "x", "y"], [[i, i % 5, i % 2] for i in range(20)])
    answer = solo("train", "p.csv", "--label", "y", "--json")
    assert list(answer.json["weights"]) == ["x"]
    assert "column_1 has no name and only counts the rows: it is left out" in answer.err


def test_columns_of_very_different_sizes_are_standardized_and_weights_shown_in_their_units(solo, folder):
    rows = [[i % 7 / 7, 20_000 + 997 * i % 5000, int(i * i % 7 < 3)] for i in range(40)]
    write(folder / "s.csv", ["share", "income", "y"], rows)
    told = solo("train", "s.csv", "--label", "y", "-o", "m.json")
    assert "--no-standardize" in told.words
    assert "in its own units" in told.words
    scaled = solo("train", "s.csv", "--label", "y", "--json").json
    plain = solo("train", "s.csv", "--label", "y", "--no-standardize", "--json").json
    assert (scaled["recipe"]["standardize"], plain["recipe"]["standardize"]) == (True, False)
    assert plain["own_units"] == {"weights": plain["weights"], "bias": plain["bias"]}
    assert scaled["own_units"]["bias"] == pytest.approx(plain["bias"], rel=1e-5)
    assert scaled["own_units"]["weights"] == pytest.approx(plain["weights"], rel=1e-5)
    assert scaled["metrics"]["training"] == pytest.approx(plain["metrics"]["training"], rel=1e-6)
    assert main(["evaluate", "m.json", "s.csv"]) == 0


def test_a_command_that_a_terminal_would_cut_is_not_shown(refused, folder):
    names = [f"a rather long name of column {i}" for i in range(100)]
    write(folder / "wide.csv", [*names, "y"], [[*([""] * 100), i % 2] for i in range(4)])
    told = refused("train", "wide.csv", "--label", "y")
    assert "88 more columns; name the columns to learn from with --features: 100 others" in told
