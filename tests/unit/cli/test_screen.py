"""The screen: words, tables, a sparkline, a bar that appears only for long work and for somebody."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.progress import Progress

from soloneuron import progress
from soloneuron.cli.screen import ASCII_BLOCKS, BLOCKS, Screen, fit_widths, sparkline
from soloneuron.formulas.metrics import Metrics
from soloneuron.progress import Ticker
from soloneuron.texts import LANGUAGES, table

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=200)
SCORES = Metrics(accuracy=0.75, log_loss=0.5, brier=0.25, roc_auc=None, calibration_error=0.125)


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


# Sparkline


@given(NUMBERS)
def test_a_sparkline_has_one_block_a_value_and_at_most_its_width(values):
    assert len(sparkline(values)) == min(len(values), 40)
    assert len(sparkline(values, width=7)) == min(len(values), 7)


@given(NUMBERS)
def test_the_lowest_value_is_the_lowest_block_and_the_highest_the_highest(values):
    line = sparkline(values, width=len(values) + 1)
    heights = [BLOCKS.index(block) for block in line]
    assert heights[values.index(min(values))] == 0
    assert heights[values.index(max(values))] == (7 if max(values) > min(values) else 0)


@given(NUMBERS)
def test_a_higher_value_is_never_a_lower_block(values):
    heights = [BLOCKS.index(block) for block in sparkline(sorted(values), width=len(values) + 1)]
    assert heights == sorted(heights)


@given(NUMBERS)
def test_in_ascii_the_same_heights_are_drawn(values):
    line = sparkline(values, ascii_only=True)
    assert line.isascii()
    assert [ASCII_BLOCKS.index(mark) for mark in line] == [BLOCKS.index(mark) for mark in sparkline(values)]


@given(NUMBERS)
def test_a_long_course_keeps_its_first_and_its_last_value(values):
    values = [1e10, *values, -1e10]
    line = sparkline(values, width=5)
    assert (line[0], line[-1]) == ("█", "▁")


# Printing


def test_a_quiet_screen_prints_nothing_but_warnings(capsys):
    screen = Screen("en", quiet=True)
    screen.say("one")
    screen.losses([1.0, 0.5])
    screen.weights(["x"], [1.0], 0.0)
    screen.metrics({"training": SCORES})
    assert capsys.readouterr() == ("", "")
    screen.warn("mind")
    assert capsys.readouterr() == ("", "soloneuron: note: mind\n")


def test_what_is_said_is_printed_as_it_stands(capsys):
    line = "[red]no[/red] markup [/x], no :smile:, no colors for 3.14"
    Screen("en").say(line)
    assert capsys.readouterr().out == line + "\n"


def test_a_weight_stands_beside_its_name_as_it_is_spelled(capsys):
    names = ["[/x]", "[b]bold[/b]", ":smile:"]
    Screen("en").weights(names, [1.0, -2.5, 0.25], 3.0)
    out = capsys.readouterr().out
    for name, weight in zip(names, ["1.0000", "-2.5000", "0.2500"], strict=True):
        assert re.search(rf"^{re.escape(name)} +{re.escape(weight)}$", out, flags=re.MULTILINE)
    assert re.search(r"^bias +3\.0000$", out, flags=re.MULTILINE)


def test_no_bias_is_no_line(capsys):
    Screen("en").weights(["x"], [1.0], None)
    assert "bias" not in capsys.readouterr().out


def test_of_more_than_twenty_weights_the_largest_are_shown_and_the_rest_counted(capsys):
    Screen("en").weights([f"w{i}" for i in range(23)], [(-1.0) ** i * i for i in range(23)], None)
    out = capsys.readouterr().out
    assert [f"w{i} " in out for i in range(23)] == [i >= 3 for i in range(23)]
    assert "3 more" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_has_its_row_and_an_unknown_one_a_dash(language, capsys):
    Screen(language).metrics({"training": SCORES, "test": SCORES})
    words = " ".join(capsys.readouterr().out.split())
    titles = table(language, "cli")
    for name, value in (("accuracy", "0.7500"), ("brier", "0.2500"), ("roc_auc", "-")):
        assert f"{titles[name]} {value} {value}" in words


def test_a_stdout_without_blocks_gets_ascii(monkeypatch):
    sink = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", sink)
    screen = Screen("en")
    screen.losses([1.0, 0.0])
    screen.weights(["x"], [1.0], 0.0)
    sink.flush()
    assert b"loss 1.0000 #_ 0.0000" in sink.buffer.getvalue()


# The bar


def test_where_nobody_looks_there_is_no_bar_and_not_one_character(capsys):
    with Screen("en").progress(10) as ticker:
        ticker.tick(5, 0.5)
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is set."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def bar_of(ticks, clock):
    terminal = io.StringIO()
    columns = ["{task.fields[loss]}", "{task.fields[done]}"]
    console = Console(file=terminal, force_terminal=True, width=80, color_system=None)
    bar = Progress(*columns, console=console, auto_refresh=False)
    ticker = Ticker(bar, 100, "en")
    for moment, epoch, loss in ticks:
        clock[0] = moment
        ticker.tick(epoch, loss)
    bar.refresh()
    bar.stop()
    return terminal.getvalue()


def test_the_bar_stays_away_from_work_that_is_soon_done(clock):
    assert "of 100" not in bar_of([(0.1, 50, 0.7), (0.4, 99, 0.6)], clock)


def test_the_bar_names_loss_epochs_and_epochs_a_second(clock):
    shown = bar_of([(0.1, 1, 0.9), (2.0, 50, 0.6931)], clock)
    assert "loss 0.6931 epoch 50 of 100, 25/s" in shown


def test_the_bar_keeps_the_last_loss_it_knows_and_writes_no_powers_of_ten(clock):
    shown = bar_of([(0.1, 1, 0.9), (2.0, 5_000_000, 0.0000321), (3.0, 7_500_000, None)], clock)
    assert "loss 0.000032 epoch 7,500,000 of 100, 2,500,000/s" in shown


def test_screen_words_come_from_the_texts_of_its_language():
    assert Screen("en").word("saved", path="m.json") == "saved m.json"
    assert Screen("ru").word("saved", path="m.json") == "сохранено: m.json"
    assert json.dumps(Screen("ru").word("loss"))


# Tables of findings

WORDS = st.text("abc ", min_size=1, max_size=30)
COLUMNS = st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=9)


@given(COLUMNS, st.integers(1, 200))
def test_columns_fit_the_room_and_cut_no_word(columns, room):
    widths = fit_widths(columns, room)
    longest = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    if widths is None:
        assert sum(longest) > room
        return
    assert sum(widths) <= room
    for width, least, column in zip(widths, longest, columns, strict=True):
        assert least <= width <= max(map(len, column))


@given(COLUMNS)
def test_where_there_is_room_no_column_is_narrowed(columns):
    widths = [max(map(len, column)) for column in columns]
    assert fit_widths(columns, sum(widths)) == widths


@given(st.lists(st.lists(WORDS, min_size=4, max_size=4), min_size=1, max_size=4))
def test_a_table_never_leaves_the_terminal_and_keeps_every_word(rows):
    heads = ["a word", "a very long head of a column", "b", "unbreakable" * 3]
    out = io.StringIO()
    screen = Screen("en")
    screen.console = Console(file=out, width=80)
    screen.table(heads, rows)
    assert max(map(len, out.getvalue().splitlines())) <= 80
    found = out.getvalue().split()
    assert {word for row in rows for cell in row for word in cell.split()} <= {
        word.strip(",:") for word in found
    }


def test_a_table_too_wide_for_whole_words_is_a_line_a_row(capsys):
    Screen("en").table(["name", "x" * 50, "y" * 50], [["one", "1", "2"]])
    assert capsys.readouterr().out.split() == ["one:", "x" * 50, "1,", "y" * 50, "2"]
