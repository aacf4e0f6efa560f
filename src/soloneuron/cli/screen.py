"""What a person sees: words in one language, tables, a sparkline."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table

from soloneuron.cli.streams import remark
from soloneuron.progress import Ticker, epoch_progress, part_progress
from soloneuron.storage.files import jsonable
from soloneuron.terminal import Terminal
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number
from soloneuron.texts.phrases import said
from soloneuron.texts.plain import json_line, plain, plain_line

if TYPE_CHECKING:  # torch is not waited for by commands that do without it
    from soloneuron.formulas.metrics import Metrics
    from soloneuron.records.findings import Cell, Sheet

BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-:=+*#"
MOST_BLOCKS = 40
"""Blocks of a sparkline at most."""

MOST_ROWS = 20
"""Rows of a table of weights; more are counted, not shown."""


class Screen:
    """The terminal in one language; ``quiet`` shows nothing.

    A terminal without the letters of the language gets English, and a note that says why.

    Args:
        language: ``"en"`` or ``"ru"``.
        quiet: whether to keep silent.
    """

    def __init__(self, language: str, *, quiet: bool = False) -> None:
        self.language = language
        self.console = Terminal(quiet=quiet)
        self._quiet = quiet
        if not quiet and not printable(self.word("alphabet")):
            self.language = "en"
            self.warn(self.word("no_letters", wanted=language, encoding=sys.stdout.encoding))

    def word(self, key: str, **fields: object) -> str:
        """A word or sentence of the command line; what it is filled with stays on its line."""
        shown = {
            name: plain_line(field) if isinstance(field, str) else field for name, field in fields.items()
        }
        return text(self.language, f"cli.{key}", **shown)

    def say(self, line: str, style: str = "", *, whole: bool = False) -> None:
        """Print one line; ``whole`` leaves its breaking to the terminal."""
        self.console.print(plain(line), style=style, soft_wrap=whole)

    def phrases(self, phrases: Sequence[str], style: str = "", *, mark: str = ", ") -> None:
        """Print phrases with a mark between them; where they do not fit one line, break it after a mark."""
        line = ""
        for i, phrase in enumerate(phrases):
            piece = phrase + mark.rstrip() * (i + 1 < len(phrases))
            if line and len(line) + 1 + len(piece) > self.console.width:
                self.say(line, style)
                line = piece
            else:
                line += " " * bool(line) + piece
        self.say(line, style)

    def warn(self, line: str) -> None:
        """Print one note on stderr, also when quiet."""
        remark(line)

    def titles(self, names: Collection[str], table: str) -> None:
        """A catalogue, a name and its title a line; the titles stand in a table of the texts."""
        width = max(map(len, names))
        for name in names:
            self.say(f"{name:{width}}  {text(self.language, f'{table}.{name}.title')}")

    def losses(self, losses: Sequence[float]) -> None:
        """The course of the loss: first value, sparkline, last value."""
        if losses:
            first, last = f"{self.word('loss')} {shown_number(losses[0])} ", f" {shown_number(losses[-1])}"
            width = min(MOST_BLOCKS, self.console.width - len(first + last))
            line = self.sparkline(losses, width=max(width, 2))
            self.say(first + line + last, style="cyan")

    def sparkline(self, values: Sequence[float], *, width: int = MOST_BLOCKS) -> str:
        """A sparkline in the letters of this terminal."""
        return sparkline(values, width=width, ascii_only=not printable(BLOCKS))

    def weights(
        self,
        names: Sequence[str],
        weights: Sequence[float],
        bias: float | None,
        own: tuple[Sequence[float], float] | None = None,
    ) -> None:
        """The table of weights, the largest first where not all are shown.

        Args:
            names: of the features.
            weights: one each.
            bias: None for a neuron without one.
            own: weights and bias in the columns' own units, where the columns were standardized.
        """
        parts = [(weights, bias)] if own is None else [(weights, bias), own]
        table = self._table(
            self.word("feature"), self.word("weight"), *[self.word("own_units")] * (len(parts) - 1)
        )
        rows = list(zip(names, *(numbers for numbers, _ in parts), strict=True))
        if len(rows) > MOST_ROWS:
            rows = sorted(rows, key=lambda row: -abs(row[1]))[:MOST_ROWS]
        for name, *numbers in rows:
            table.add_row(plain_line(name), *map(shown_number, numbers))
        if len(weights) > MOST_ROWS:
            table.add_row(self.word("more", count=len(weights) - MOST_ROWS), "")
        if bias is not None or own is not None:
            shown = ("-" if one is None else shown_number(one) for _, one in parts)
            table.add_row(self.word("bias"), *shown, style="dim")
        self.console.print(table, "")

    def metrics(self, columns: dict[str, Metrics]) -> None:
        """The table of metrics, one column for each part of the data; an unknown number is a dash."""
        table = self._table(self.word("metric"), *columns)
        for name in asdict(next(iter(columns.values()))):
            values = [getattr(metrics, name) for metrics in columns.values()]
            unknown = [value is None or math.isnan(value) for value in values]
            shown = ("-" if missing else shown_number(v) for v, missing in zip(values, unknown, strict=True))
            table.add_row(self.word(name), *shown)
        self.console.print(table, "")

    def sheet(self, sheet: Sheet) -> None:
        """A table of findings: numbers with four digits, a dash for none."""
        self.say(sheet.title.say(self.language), style="cyan")
        heads = [str(said(self.language, column)) for column in sheet.columns]
        self.table(heads, [[_short(said(self.language, cell)) for cell in row] for row in sheet.rows])

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Any table, folded between words; too wide for that, it is a line of names and values a row."""
        heads, *rows = [[plain(cell) for cell in row] for row in (heads, *rows)]
        columns, between = list(zip(heads, *rows, strict=True)), len(heads) - 1
        fits = [(gap, fit_widths(columns, self.console.width - gap * between)) for gap in (2, 1)]
        gap, widths = next(((gap, widths) for gap, widths in fits if widths is not None), (0, None))
        if widths is None:
            for first, *others in rows:
                pairs = zip(heads[1:], others, strict=True)
                self.say(f"  {first}: " + ", ".join(f"{head} {cell}".strip() for head, cell in pairs))
            return
        table = self._table(*heads)
        table.padding = (0, gap - 1, 0, 0)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def steps(self, total: int) -> AbstractContextManager[Callable[[str], None]]:
        """A bar over the parts of long work, if somebody is there to see it; call it with each part's title.

        It stands below what is printed meanwhile; where that goes into a file, on stderr.
        """
        console = self.console if self.console.is_terminal else Terminal(stderr=True, quiet=self._quiet)
        return part_progress(total, console, quiet=self._quiet)

    def progress(self, total: int) -> AbstractContextManager[Ticker]:
        """A bar on stderr with loss and speed, if the work takes long and somebody is there to see it."""
        return epoch_progress(total, self.language, quiet=self._quiet)

    def _table(self, first: str, *others: str) -> Table:
        style = box.SIMPLE_HEAD if printable(BLOCKS) else box.ASCII
        table = Table(box=style, pad_edge=False, show_edge=False)
        table.add_column(first, overflow="fold")
        for other in others:
            table.add_column(other, justify="right", overflow="fold")
        return table


def _short(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def fit_widths(columns: Sequence[Sequence[str]], available: int) -> list[int] | None:
    """Widths of columns that fit into the letters that are available, the widest narrowed first, no word cut.

    Example:
        >>> fit_widths([["a long head", "1"], ["b", "2"]], 8)
        [7, 1]
    """
    widths = [max(map(len, column)) for column in columns]
    least = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    if sum(least) > available:
        return None
    while sum(widths) > available:
        widest = max((k for k in range(len(widths)) if widths[k] > least[k]), key=lambda k: widths[k])
        widths[widest] -= 1
    return widths


def print_json(answer: dict[str, Any]) -> None:
    """Print one JSON object; letters that the output cannot write are escaped."""
    line = json_line(json.dumps(jsonable(answer), ensure_ascii=False, allow_nan=False))
    print(line if printable(line) else json.dumps(jsonable(answer), allow_nan=False))


def printable(letters: str) -> bool:
    """Whether the standard output can write these letters."""
    try:
        letters.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def sparkline(values: Sequence[float], *, width: int = MOST_BLOCKS, ascii_only: bool = False) -> str:
    """Values as blocks of eight heights, at most ``width`` of them.

    Example:
        >>> sparkline([1.0, 0.5, 0.0])
        '█▅▁'
    """
    blocks = ASCII_BLOCKS if ascii_only else BLOCKS
    if len(values) > width:
        values = [values[round(i * (len(values) - 1) / (width - 1))] for i in range(width)]
    low, high = min(values), max(values)
    if not high > low:
        return blocks[0] * len(values)
    return "".join(blocks[round((value - low) / (high - low) * (len(blocks) - 1))] for value in values)
