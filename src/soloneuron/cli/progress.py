"""Bars for long work.

One counts epochs, with the loss, the speed and the time left; the other counts parts, with the title of the
part that runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

from soloneuron.cli.numbers import rounded_speed, shown_number
from soloneuron.cli.terminal import Terminal
from soloneuron.texts.plain import plain_line

PATIENCE = 0.5
"""Seconds before a progress bar appears."""

WIDTH_AROUND_BAR = 70
"""Columns of a terminal that the words around the bar may need."""


class Ticker:
    """Tells a progress bar what has been done; the bar appears when it has taken a while.

    Args:
        bar: the bar, or None where nobody looks.
        total: epochs in all.
        word: a word of the command line by its key, ``Screen.word``.
    """

    def __init__(self, bar: Progress | None, total: int, word: Callable[..., str]) -> None:
        self._bar, self._total, self._word = bar, total, word
        self._began = time.monotonic()
        self._task = None if bar is None else bar.add_task("", total=total, loss="", done="")

    def tick(self, epoch: int, loss: float | None) -> None:
        """So many epochs are done, and this is the loss of the last one; None if it has none."""
        spent = time.monotonic() - self._began
        if self._bar is None or self._task is None or spent < PATIENCE:
            return
        if loss is not None:
            self._bar.update(self._task, loss=f"{self._word('loss')} {shown_number(loss)}")
        done = self._word("done", epoch=epoch, epochs=self._total, speed=rounded_speed(epoch / spent))
        self._bar.update(self._task, completed=epoch, done=done)
        self._bar.start()


@contextmanager
def epoch_progress(total: int, word: Callable[..., str], *, quiet: bool) -> Iterator[Ticker]:
    """A ticker with a bar on stderr, gone at the end; without one where nobody looks."""
    console = Terminal(stderr=True, quiet=quiet)
    bar = Progress(
        TextColumn("{task.fields[loss]}"),
        BarColumn(max(4, min(40, console.width - WIDTH_AROUND_BAR))),
        TextColumn("{task.fields[done]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    try:
        yield Ticker(bar if console.is_terminal and not quiet else None, total, word)
    finally:
        if bar.live.is_started:
            with suppress(OSError):  # the terminal may have gone, and what was done is to be saved
                bar.stop()


@contextmanager
def part_progress(total: int, console: Console, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Call what comes with the title of each part as it begins; the bar is gone at the end."""
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    title = Column(no_wrap=True, overflow="ellipsis")
    bar = Progress(
        BarColumn(20),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}", table_column=title),
        console=console,
        refresh_per_second=4,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=total if total > 1 else None, count="")
        begun = 0

        def begin(title: str) -> None:
            nonlocal begun
            begun += 1
            count = f"{begun}/{total}" if total > 1 else ""
            bar.update(task, description=escape(plain_line(title)), completed=begun - 1, count=count)

        yield begin
