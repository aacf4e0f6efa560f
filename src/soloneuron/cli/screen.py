"""What a person sees: words in one language, tables, a sparkline."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.table import Table

from soloneuron.cli.numbers import number
from soloneuron.cli.progress import Ticker, ticking
from soloneuron.formulas.metrics import Metrics
from soloneuron.texts import text

BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-:=+*#"
WIDEST = 40
"""Blocks of a sparkline at most."""

LINES = 20
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
        self.console = Console(quiet=quiet, highlight=False, markup=False, emoji=False)
        self._quiet = quiet
        if not quiet and not printable(self.word("alphabet")):
            self.language = "en"
            self.warn(self.word("no_letters", wanted=language, encoding=sys.stdout.encoding))

    def word(self, key: str, **fields: object) -> str:
        """A word or sentence of the command line."""
        return text(self.language, f"cli.{key}", **fields)

    def say(self, line: str, style: str = "", *, whole: bool = False) -> None:
        """Print one line; ``whole`` leaves its breaking to the terminal."""
        self.console.print(line, style=style, soft_wrap=whole)

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
        print(f"soloneuron: note: {line}", file=sys.stderr)

    def titles(self, names: Collection[str], table: str) -> None:
        """A catalogue, a name and its title a line; the titles stand in a table of the texts."""
        width = max(map(len, names))
        for name in names:
            self.say(f"{name:{width}}  {text(self.language, f'{table}.{name}.title')}")

    def losses(self, losses: Sequence[float]) -> None:
        """The course of the loss: first value, sparkline, last value."""
        if losses:
            first, last = f"{self.word('loss')} {number(losses[0])} ", f" {number(losses[-1])}"
            width = min(WIDEST, self.console.width - len(first + last))
            line = sparkline(losses, width=max(width, 2), ascii_only=not printable(BLOCKS))
            self.say(first + line + last, style="cyan")

    def weights(self, names: Sequence[str], weights: Sequence[float], bias: float | None) -> None:
        """The table of weights, the largest first where not all are shown."""
        table = self._table(self.word("feature"), self.word("weight"))
        pairs = list(zip(names, weights, strict=True))
        if len(pairs) > LINES:
            pairs = sorted(pairs, key=lambda pair: -abs(pair[1]))[:LINES]
        for name, weight in pairs:
            table.add_row(name, number(weight))
        if len(weights) > LINES:
            table.add_row(self.word("more", count=len(weights) - LINES), "")
        if bias is not None:
            table.add_row(self.word("bias"), number(bias), style="dim")
        self.console.print(table, "")

    def metrics(self, columns: dict[str, Metrics]) -> None:
        """The table of metrics, one column for each part of the data; an unknown number is a dash."""
        table = self._table(self.word("metric"), *columns)
        for name in asdict(next(iter(columns.values()))):
            values = [getattr(metrics, name) for metrics in columns.values()]
            unknown = [value is None or math.isnan(value) for value in values]
            shown = ("-" if missing else number(v) for v, missing in zip(values, unknown, strict=True))
            table.add_row(self.word(name), *shown)
        self.console.print(table, "")

    def progress(self, total: int) -> AbstractContextManager[Ticker]:
        """A bar on stderr with loss and speed, if the work takes long and somebody is there to see it."""
        return ticking(total, self.word, quiet=self._quiet)

    def _table(self, first: str, *others: str) -> Table:
        style = box.SIMPLE_HEAD if printable(BLOCKS) else box.ASCII
        table = Table(box=style, pad_edge=False, show_edge=False)
        table.add_column(first, overflow="fold")
        for other in others:
            table.add_column(other, justify="right")
        return table


def printable(letters: str) -> bool:
    """Whether the standard output can write these letters."""
    try:
        letters.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def sparkline(values: Sequence[float], *, width: int = WIDEST, ascii_only: bool = False) -> str:
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
