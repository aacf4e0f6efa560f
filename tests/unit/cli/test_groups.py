"""Commands of several processes: what one is refused, or finds different, is one sentence of the first."""

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import csv, parquet

import soloneuron
from command_groups import Command, answers, nothing
from soloneuron.cli import main

STREAM = ["--stream", "--cache", "cache"]


def rows(seed, count=400):
    dice = np.random.default_rng(seed)
    a, b = dice.standard_normal((2, count))
    return pa.table({"a": a, "b": 5 * b, "y": np.where(a + b > dice.standard_normal(count), "yes", "no")})


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with tables that fit each other, and some that do not."""
    folder = tmp_path_factory.mktemp("group")
    before = Path.cwd()
    os.chdir(folder)
    for rank in (0, 1):
        (folder / f"home{rank}").mkdir()
        for home in (".", f"home{rank}"):
            name = f"rows{rank}" if home == "." else "rows"
            csv.write_csv(rows(rank), f"{home}/{name}.csv")
            parquet.write_table(rows(rank), f"{home}/{name}.parquet")
    for name, second in {
        "other_column": rows(0).rename_columns(["a", "c", "y"]),
        "more_columns": rows(0).append_column("c", rows(0)["a"]),
        "no_label": rows(0).drop_columns(["y"]),
    }.items():
        Path(name).mkdir()
        csv.write_csv(rows(0), f"{name}/1.csv")
        csv.write_csv(second, f"{name}/2.csv")
    Path("gap").mkdir()
    csv.write_csv(rows(0), "gap/1.csv")
    Path("gap/2.csv").write_text("a,b,y\n1,2,yes\n1,2,\n", encoding="utf-8")
    Path("one.csv").write_text("a,b,y\n1,2,yes\n2,1,no\n", encoding="utf-8")
    Path("file").write_text("no folder", encoding="utf-8")
    yield folder
    os.chdir(before)


def train(file, *more, change=nothing):
    """``train`` on a file, whose name may hold the rank."""
    words = ["--label", "y", "--epochs", "2", "--quiet", *more]
    return Command(lambda rank: ["train", file.format(rank), *words], change)


def at_home(rank, patch):
    patch.chdir(f"home{rank}")


def at_home_alone(rank, patch):
    """As on a machine of its own, which converts for itself."""
    at_home(rank, patch)
    patch.setenv("LOCAL_RANK", "0")


def version_of(module):
    return lambda rank, patch: patch.setattr(module, "__version__", f"9.{rank}")


REFUSED = {
    "another file": (
        train("rows{}.csv"),
        "the option file must be the same in all processes, got 'rows0.csv'",
    ),
    "another file of one name": (train("rows.csv", change=at_home), "the labels must be the same in all"),
    "another stream": (train("rows{}.parquet", *STREAM), "the option file must be the same in all processes"),
    "another stream of one name": (
        train("rows.parquet", *STREAM, change=at_home_alone),
        "the labels must be the same in all processes",
    ),
    "a file that one does not find": (
        train("rows1.csv", change=lambda rank, patch: rank and at_home(rank, patch)),
        "cannot read rows1.csv: No such file or directory (in process 1 of 2)",
    ),
    "a stream that one does not find": (
        train("rows1.csv", *STREAM, change=lambda rank, patch: rank and at_home_alone(rank, patch)),
        "rows1.csv: No such file or directory (in process 1 of 2)",
    ),
    "another number of epochs": (
        Command(lambda rank: ["train", "rows0.csv", "--label", "y", "--quiet", "--epochs", f"{rank + 1}"]),
        "the option epochs must be the same in all processes, got 1 in process 0 and 2 in process 1",
    ),
    "another version": (
        train("rows0.csv", change=version_of(soloneuron)),
        "the version of soloneuron must be the same in all processes, got 9.0 in process 0 and 9.1",
    ),
    "another torch": (
        train("rows0.parquet", *STREAM, change=version_of(torch)),
        "the version of torch must be the same in all processes, got 9.0 in process 0 and 9.1",
    ),
    "another numpy": (
        train("rows0.csv", change=version_of(np)),
        "the version of numpy must be the same in all",
    ),
    "another processor": (
        train(
            "rows0.csv",
            change=lambda rank, patch: patch.setattr(
                torch.backends.cpu, "get_cpu_capability", lambda: f"AVX{rank}"
            ),
        ),
        "the kind of processor must be the same in all processes, got AVX0 in process 0 and AVX1",
    ),
    "a label missing in a file": (train("no_label/*.csv"), "no_label/2.csv must have the columns of"),
    "a label missing in a streamed file": (
        train("no_label", *STREAM),
        "no_label/2.csv must have the label 'y'",
    ),
    "a missing label": (train("gap/*.csv"), "missing cell in line 3 of gap/2.csv, column 'y', the label"),
    "a missing label in a stream": (train("gap", *STREAM), "gap/2.csv has no label in row 1, column 'y'"),
    "another column": (train("other_column/*.csv"), "got no 'b'"),
    "another column in a stream": (train("other_column", *STREAM), "other_column/2.csv has no 'b', unlike"),
    "one column more in a stream": (train("more_columns", *STREAM), "more_columns/2.csv has 'c' besides"),
    "a cache that is a file": (
        train("rows0.csv", "--stream", "--cache", "file"),
        "something that is no folder",
    ),
    "a cache below a file": (
        train("rows0.csv", "--stream", "--cache", "file/below"),
        "file/below cannot be made: Not a directory",
    ),
    "a cache that nobody may write": (
        train("rows0.csv", "--stream", "--cache", "/proc/self"),
        "/proc/self",
    ),
    "a model that cannot be written": (
        train("rows0.csv", "-o", "nowhere/model.json"),
        "cannot write nowhere/model.json: the folder nowhere does not exist",
    ),
}


def of_another_country(rank, patch):
    """Another language, another clock."""
    patch.setenv("LC_ALL", ["C", "tr_TR.UTF-8"][rank])
    patch.setenv("LANG", ["C", "de_DE.UTF-8"][rank])
    patch.setenv("TZ", ["UTC", "Asia/Tokyo"][rank])
    time.tzset()
    now = time.time
    patch.setattr(time, "time", lambda: now() + 1e6 * rank)


def of_two_languages(rank):
    more = [["--lang", "ru"], ["--output", "other.json"]][rank]
    return ["train", "rows0.csv", "--label", "y", "--epochs", "2", "--json", *more]


ALLOWED = {
    "another country": train("rows0.csv", "--json", change=of_another_country),
    "another country in a stream": train("rows0.csv", "--json", *STREAM, change=of_another_country),
    "another language and another output": Command(of_two_languages),
}


@pytest.fixture(scope="module")
def found(place):
    """What two processes answer to all of it."""
    return answers(2, {name: command for name, (command, _) in REFUSED.items()} | ALLOWED, place)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_one_sentence_of_the_first_and_code_2_of_all(name, found):
    first, *others = found[name]
    assert sentence_of(first).count("\n") == 1
    assert REFUSED[name][1] in first.err
    assert [(one.code, one.out, one.err) for one in others] == [(2, "", "")] * len(others)


def sentence_of(answer):
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("soloneuron: ")
    return answer.err


@pytest.mark.usefixtures("found")
def test_nothing_half_written_stays(place):
    for folder in (place, place / "home0", place / "home1"):
        assert not [*folder.glob("**/*.part"), *folder.glob("*.json")]


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_differ_changes_no_digit(name, found, capsys):
    first, other = found[name]
    assert (first.code, first.err, other.code, other.out + other.err) == (0, "", 0, "")
    assert main(ALLOWED[name].words(0)) == 0
    assert first.out == capsys.readouterr().out


def test_a_process_without_rows_is_refused(place):
    asked = {"memory": train("one.csv"), "tiles": train("one.csv", *STREAM)}
    for first, *others in answers(3, asked, place).values():
        assert sentence_of(first) == (
            "soloneuron: every process must have a row, got 2 rows for 3 processes: start fewer\n"
        )
        assert [(one.code, one.out, one.err) for one in others] == [(2, "", "")] * 2
