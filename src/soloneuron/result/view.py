"""How a result shows itself: one structure, as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from torch import Tensor

from soloneuron.figures.inline import Line, inline_curve
from soloneuron.records.history import History, Outcome
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number

MOST_WEIGHTS = 6
"""So many weights are shown with their names."""

MOST_EPOCHS = 200
"""Of many runs the losses of so many epochs are ranked for the band."""

STYLE = "border-left:3px solid #44AA99;padding:2px 0 2px 12px;margin:4px 0;max-width:46em;font-size:14px"
CELL = "text-align:left;padding:1px 14px 1px 0;border:0;vertical-align:top;background:none"


@dataclass(frozen=True)
class View:
    """What is shown of a result.

    Args:
        language: of all words in it.
        verdict: the sentence to take away.
        rows: names and values, a line each.
        curve: an SVG, or nothing.
        heads: of ``table``.
        table: rows of cells.
    """

    language: str
    verdict: str
    rows: tuple[tuple[str, str], ...] = ()
    curve: str = ""
    heads: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()

    def text(self) -> str:
        """Lines for a terminal, names and values in two columns; letters that steer it are replaced."""
        lines = [self.verdict]
        for block in (self.rows, (self.heads, *self.table) if self.table else ()):
            widths = [max(map(len, column)) for column in zip(*block, strict=True)] if block else []
            lines += [
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                for row in block
            ]
        return "\n".join("".join(c if c.isprintable() else "\ufffd" for c in line) for line in lines)

    def html(self) -> str:
        """One element without script; every word that came from outside is escaped."""
        parts = [f'<div style="margin-bottom:4px">{escape(self.verdict)}</div>', self.curve]
        rows = [(f'<th style="{CELL};font-weight:600">', name, value) for name, value in self.rows]
        body = "".join(
            f'<tr>{head}{escape(name)}</th><td style="{CELL}">{escape(value)}</td></tr>'
            for head, name, value in rows
        )
        if self.table:
            cells = "".join(f'<th style="{CELL};font-weight:600">{escape(head)}</th>' for head in self.heads)
            lines = "".join(
                "<tr>" + "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
                for row in self.table
            )
            parts.append(f'<table style="border:0">{"<tr>" + cells + "</tr>"}{lines}</table>')
        if body:
            parts.append(f'<table style="border:0">{body}</table>')
        return f'<div lang="{self.language}" style="{STYLE}">{"".join(parts)}</div>'


def sentence(words: str) -> str:
    """With a capital letter and a full stop."""
    words = words[:1].upper() + words[1:]
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."


def kinds_of(outcomes: Sequence[Outcome], language: str) -> str:
    """How many runs ended in which way, the most frequent first."""
    counted = Counter(outcome.kind for outcome in outcomes).most_common()
    return ", ".join(f"{text(language, f'views.kinds.{kind}')}: {count}" for kind, count in counted)


def shown_change(values: Tensor) -> str:
    """First and last number of a course; one number where it has no more."""
    ends = [shown_number(float(values[0]))] if len(values) else []
    if len(values) > 1:
        ends.append(shown_number(float(values[-1])))
    return " → ".join(ends)


def shown_weights(names: Sequence[str], weights: Sequence[float], language: str) -> str:
    """The first weights with the names of their columns, and how many more there are."""
    shown = [
        f"{name} {shown_number(w)}"
        for name, w in zip(names[:MOST_WEIGHTS], weights[:MOST_WEIGHTS], strict=True)
    ]
    left = len(weights) - MOST_WEIGHTS
    return ", ".join([*shown, *([text(language, "views.more", count=left)] if left > 0 else [])])


def loss_curve(history: History, language: str) -> str:
    """The loss of one run by epoch; of many the median, and a band that holds nine of ten."""
    unit = text(language, f"views.{history.unit}")
    if history.loss.dim() == 1:
        losses = history.loss.detach().cpu().double()
        title = text(language, "views.curve", change=shown_change(losses))
        return inline_curve([Line(range(1, len(losses) + 1), losses.tolist())], x=unit, title=title)
    epochs, low, middle, high = ranked_losses(history)
    title = text(language, "views.curve_many", runs=history.theta[0, ..., 0].numel())
    return inline_curve([Line(epochs, middle, low, high)], x=unit, title=title)


def ranked_losses(history: History) -> tuple[tuple[int, ...], list[float], list[float], list[float]]:
    """Of many runs some epochs, and there the loss that 5 %, 50 % and 95 % of the runs are below."""
    losses = history.loss.detach().cpu().double().flatten(1)
    count, runs = losses.shape
    steps = range(min(count, MOST_EPOCHS))
    kept = sorted({k * (count - 1) // max(1, len(steps) - 1) for k in steps})
    ranked = losses[kept].nan_to_num(nan=math.inf).sort(-1).values
    low, middle, high = (ranked[:, round(share * (runs - 1))].tolist() for share in (0.05, 0.5, 0.95))
    return tuple(k + 1 for k in kept), low, middle, high


def no_curve(history: History, language: str) -> str:
    """Why there is no curve; nothing where there is one."""
    if not len(history.loss):
        return text(language, "views.no_epochs")
    return "" if history.loss.isfinite().any() else text(language, "views.no_curve")
