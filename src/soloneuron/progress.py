"""Bars for long work.

One counts epochs, with the loss, the speed and the time left; the other counts parts, with the title of the
part that runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

from soloneuron.terminal import Terminal
from soloneuron.texts import text
from soloneuron.texts.language import language
from soloneuron.texts.numbers import rounded_speed, shown_number
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
        language: of the words.
    """

    def __init__(self, bar: Progress | None, total: int, language: str) -> None:
        self._bar, self._total, self._word = bar, total, partial(text, language)
        self._began = time.monotonic()
        self._task = None if bar is None else bar.add_task("", total=total, loss="", done="")

    def tick(self, epoch: int, loss: float | None) -> None:
        """So many epochs are done, and this is the loss of the last one; None if it has none."""
        spent = time.monotonic() - self._began
        if self._bar is None or self._task is None or spent < PATIENCE:
            return
        if loss is not None:
            self._bar.update(self._task, loss=f"{self._word('cli.loss')} {shown_number(loss)}")
        done = self._word("cli.done", epoch=epoch, epochs=self._total, speed=rounded_speed(epoch / spent))
        self._bar.update(self._task, completed=epoch, done=done)
        self._bar.start()


@contextmanager
def epoch_progress(total: int, language: str, *, quiet: bool) -> Iterator[Ticker]:
    """A ticker with a bar on stderr or in a notebook, gone at the end; without one where nobody looks."""
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
        yield Ticker(bar if _is_watched(console) and not quiet else None, total, language)
    finally:
        if bar.live.is_started:
            with suppress(OSError):  # the terminal may have gone, and what was done is to be saved
                bar.stop()


class Watched(Protocol):
    """A training that tells how far it is."""

    epochs: int
    on_step: Callable[[int, float | None], None] | None


@contextmanager
def training_progress(training: Watched, *, shown: bool) -> Iterator[None]:
    """Show a bar, in the reader's language, while a training is pulled.

    Args:
        training: whose ``on_step`` is set meanwhile.
        shown: whether a bar is wanted at all.
    """
    if not shown:
        yield
        return
    with epoch_progress(training.epochs, language(), quiet=False) as ticker:
        training.on_step = ticker.tick
        try:
            yield
        finally:
            training.on_step = None


def _is_watched(console: Console) -> bool:
    """Whether somebody sees a bar: a terminal, or a notebook that can change what it has shown."""
    return console.is_terminal or (console.is_jupyter and find_spec("ipywidgets") is not None)


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
