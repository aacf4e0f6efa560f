"""Where the answer goes: full disks, terminals without letters, and the process as it was found."""

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

from soloneuron.cli import main

FULL = Path("/dev/full")


@pytest.fixture
def plain(monkeypatch):
    """Call the program at a terminal that has the letters of ASCII only."""

    def call(*arguments):
        streams = [TextIOWrapper(BytesIO(), encoding="ascii") for _ in range(2)]
        with monkeypatch.context() as patch:
            for name, stream in zip(("stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            code = main([str(argument) for argument in arguments])
        for stream in streams:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode("ascii") for stream in streams)
        return SimpleNamespace(code=code, out=out, err=err, words=" ".join(out.split()))

    return call


def test_a_process_at_a_plain_terminal_does_not_crash(shell):
    answer = shell("losses", "nll", "--lang", "ru", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (answer.code, "Traceback" in answer.err) == (0, False)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("arguments", "unbuffered"),
    [("train", ""), ("train --json", "1"), ("losses --help", ""), ("--help", "1"), ("--version", "1")],
)
def test_an_answer_that_finds_no_room_is_one_sentence_and_a_fault(arguments, unbuffered, shell):
    with FULL.open("w") as full:
        answer = shell(*arguments.split(), stdout=full, PYTHONUNBUFFERED=unbuffered)
    assert answer.code == 2
    assert answer.err == "soloneuron: cannot print the answer: No space left on device\n"


def test_a_terminal_without_russian_letters_is_answered_in_english_and_told_why(plain):
    answer = plain("train", "--lang", "ru")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: this terminal (ascii) cannot show the letters of --lang ru, "
        "so the words are English\n"
    )
    assert "all 100 epochs done" in answer.words
    assert "?" not in answer.out


@pytest.mark.parametrize("option", ["--quiet", "--json"])
def test_where_no_words_are_printed_letters_are_not_missed(option, plain):
    assert plain("train", "--lang", "ru", option).err == ""


@pytest.fixture
def doctors(folder):
    """A file with Cyrillic names, and a model of it."""
    path = folder / "rows.csv"
    path.write_text("рост,болен\n1,да\n2,нет\n3,да\n", encoding="utf-8")
    assert main(["train", str(path), "--label", "болен", "-o", "m.json", "--quiet"]) == 0
    return path


def test_names_that_a_terminal_cannot_show_stay_apart(plain, doctors):
    answer = plain("train", doctors, "--label", "болен", "--epochs", 1)
    assert answer.code == 0
    assert r"\u0440\u043e\u0441\u0442" in answer.words
    assert "?" not in answer.out


def test_json_is_right_whatever_the_terminal_can_show(plain, doctors):
    answer = plain("train", doctors, "--label", "болен", "--json")
    assert list(json.loads(answer.out)["weights"]) == ["рост"]


def test_predictions_that_a_terminal_would_spoil_go_to_a_file(plain, doctors, folder):
    answer = plain("predict", "m.json", doctors)
    assert (answer.code, answer.out) == (2, "")
    assert "-o OUT.csv" in answer.err
    assert plain("predict", "m.json", doctors, "-o", "out.csv").code == 0
    assert (folder / "out.csv").read_text(encoding="utf-8").startswith("болен,probability\n")


@pytest.mark.parametrize(
    "arguments", [["train"], ["train", "--epochs", "-1"], ["--version"], ["train", "no.csv"]]
)
def test_the_manners_of_the_streams_are_left_as_they_were(arguments, monkeypatch):
    streams = [TextIOWrapper(BytesIO(), encoding="ascii", errors="xmlcharrefreplace") for _ in range(2)]
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, stream)
    try:
        main(arguments)
    except SystemExit:
        pass
    finally:
        monkeypatch.undo()
    assert [stream.errors for stream in streams] == ["xmlcharrefreplace"] * 2
