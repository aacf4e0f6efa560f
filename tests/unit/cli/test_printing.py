"""What comes from outside is printed without control characters, and run by no spreadsheet."""

import csv
import io
import json
import unicodedata

import pytest

from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.streams import complain
from soloneuron.cli.tables import harmless, table_text
from soloneuron.texts.plain import file_name, json_line, plain, plain_line

ODD = "a\x1b[31mb\x9b1mc\rd\x07e\u202ef\u2066g\x00h\x7fi\U000e0041j\u2028k\udcffl\tm"


def harm(text):
    """The letters of a text that move a cursor, turn the writing, or are none."""
    return {
        letter
        for letter in text
        if letter != "\n" and (unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    }


def test_nothing_of_a_name_moves_the_cursor_and_nothing_of_it_is_lost():
    shown = plain_line(ODD)
    assert harm(shown) == set()
    assert shown.startswith(r"a\x1b[31mb\x9b1mc\rd\x07e\u202ef\u2066g\x00h\x7fi\U000e0041j\u2028k\xffl\tm")
    assert plain_line("a\nb") == r"a\nb"
    assert plain("a\nb") == "a\nb"
    assert plain("рост, 身長 é ✓ עברית") == "рост, 身長 é ✓ עברית"


@pytest.mark.parametrize("way", ["say", "word", "weights", "table", "warn", "complain"])
def test_whatever_the_screen_shows_is_plain(way, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    screen = Screen("en")
    {
        "say": lambda: screen.say(ODD),
        "word": lambda: screen.say(screen.word("saved", path=ODD)),
        "weights": lambda: screen.weights([ODD, "x"], [1.0, 2.0], None),
        "table": lambda: screen.table([ODD], [[ODD]]),
        "warn": lambda: screen.warn(ODD),
        "complain": lambda: complain(ODD),
    }[way]()
    out, err = capsys.readouterr()
    assert r"\x1b[31m" in out + err
    assert harm(out + err) == set()


def test_json_spells_the_same_letters_and_means_them(capsys):
    print_json({"name": ODD})
    line = capsys.readouterr().out
    assert harm(line) == set()
    assert json.loads(line) == {"name": ODD}
    assert json.loads(json_line(json.dumps(ODD, ensure_ascii=False))) == ODD


def test_a_file_has_a_name_that_can_be_kept():
    assert file_name("a/\udcff\x1b.csv") == r"\xff\x1b.csv"
    assert file_name("a/\udcff\x1b.csv").encode()


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    " =1",
    "＝1",
    "-x",
    "+7 495",
]
"""What OWASP's page on CSV injection warns of."""

NUMBERS = ["-1", "+1.5", "-1e-3", "-.5", "1", "", "yes", "-", "+", "a=b", "-1.", "да"]


def test_a_cell_that_a_spreadsheet_would_run_gets_a_mark_and_a_number_none():
    assert [harmless(cell) for cell in FORMULAS] == [f"'{cell}" for cell in FORMULAS]
    assert [harmless(cell) for cell in NUMBERS] == NUMBERS
    assert harmless(-1.5) == -1.5
    rows = list(csv.reader(io.StringIO(table_text([FORMULAS[:5], [-2.5, "a", "b", "c", "d"]]))))
    assert rows == [[f"'{cell}" for cell in FORMULAS[:5]], ["-2.5", "a", "b", "c", "d"]]
