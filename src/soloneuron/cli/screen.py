"""What a person sees: words in one language, tables, a sparkline, a progress bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from soloneuron.formulas.metrics import Metrics
from soloneuron.texts import text

BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-:=+*#"
LINES = 20
"""Rows of a table of weights; more are counted, not shown."""

PATIENCE = 0.5
"""Seconds before a progress bar appears."""


class Screen:
    """The terminal in one language; ``quiet`` shows nothing.

    Args:
        language: ``"en"`` or ``"ru"``.
        quiet: whether to keep silent.
    """

    def __init__(self, language: str, *, quiet: bool = False) -> None:
        self.language = language
        self.console = Console(quiet=quiet, highlight=False, markup=False, emoji=False)
        self._quiet = quiet

    def word(self, key: str, **fields: object) -> str:
        """A word or sentence of the command line."""
        return text(self.language, f"cli.{key}", **fields)

    def say(self, line: str, style: str = "", *, whole: bool = False) -> None:
        """Print one line; ``whole`` leaves its breaking to the terminal."""
        self.console.print(line, style=style, soft_wrap=whole)

    def warn(self, line: str) -> None:
        """Print one note on stderr, also when quiet."""
        print(f"soloneuron: note: {line}", file=sys.stderr)

    def losses(self, losses: Sequence[float]) -> None:
        """The course of the loss: first value, sparkline, last value."""
        if losses:
            line = sparkline(losses, ascii_only=not self._draws_blocks())
            self.say(f"{self.word('loss')} {_number(losses[0])} {line} {_number(losses[-1])}", style="cyan")

    def weights(self, names: Sequence[str], weights: Sequence[float], bias: float | None) -> None:
        """The table of weights, the largest first where not all are shown."""
        table = self._table(self.word("feature"), self.word("weight"))
        pairs = list(zip(names, weights, strict=True))
        if len(pairs) > LINES:
            pairs = sorted(pairs, key=lambda pair: -abs(pair[1]))[:LINES]
        for name, weight in pairs:
            table.add_row(name, _number(weight))
        if len(weights) > LINES:
            table.add_row(self.word("more", count=len(weights) - LINES), "")
        if bias is not None:
            table.add_row(self.word("bias"), _number(bias), style="dim")
        self.console.print(table, "")

    def metrics(self, columns: dict[str, Metrics]) -> None:
        """The table of metrics, one column for each part of the data."""
        table = self._table(self.word("metric"), *columns)
        for name in asdict(next(iter(columns.values()))):
            values = [getattr(metrics, name) for metrics in columns.values()]
            table.add_row(self.word(name), *("-" if value is None else _number(value) for value in values))
        self.console.print(table, "")

    @contextmanager
    def progress(self, total: int) -> Iterator[Ticker]:
        """A bar on stderr with loss and rate, if the work takes long and somebody is there to see it."""
        console = Console(stderr=True, quiet=self._quiet)
        bar = Progress(
            TextColumn("{task.fields[loss]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        try:
            yield Ticker(bar if console.is_terminal and not self._quiet else None, total)
        finally:
            if bar.live.is_started:
                bar.stop()

    def _table(self, first: str, *others: str) -> Table:
        style = box.SIMPLE_HEAD if self._draws_blocks() else box.ASCII
        table = Table(box=style, pad_edge=False, show_edge=False)
        table.add_column(first, overflow="fold")
        for other in others:
            table.add_column(other, justify="right")
        return table

    def _draws_blocks(self) -> bool:
        try:
            BLOCKS.encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return False
        return True


class Ticker:
    """Tells a progress bar what has been done; the bar appears when it has taken a while."""

    def __init__(self, bar: Progress | None, total: int) -> None:
        self._bar = bar
        self._total = total
        self._began = time.monotonic()
        self._task = None if bar is None else bar.add_task("", total=total, loss="", speed="")

    def tick(self, epoch: int, loss: float) -> None:
        """So many epochs are done, and this is the loss."""
        spent = time.monotonic() - self._began
        if self._bar is None or self._task is None or spent < PATIENCE:
            return
        self._bar.start()
        speed = f"{epoch / spent:.3g}/s"
        self._bar.update(self._task, completed=epoch, loss=f"{loss:.4f}", speed=speed)


def _number(value: float) -> str:
    """Four decimals, or four digits where that would be long."""
    return f"{value:.4f}" if abs(value) < 1e6 else f"{value:.4g}"


def sparkline(values: Sequence[float], *, width: int = 40, ascii_only: bool = False) -> str:
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
