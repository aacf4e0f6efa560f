"""``soloneuron.playground``: the page in the cell of a notebook, with somebody's own rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import torch

from soloneuron.data.arrays import as_features, as_labels
from soloneuron.data.labels import classes_of_words
from soloneuron.data.preparation import measure_scaling, named_rows, sample, standardize
from soloneuron.errors import InputError, ShapeError
from soloneuron.playing.config import DECIMALS, MOST_POINTS, OWN
from soloneuron.playing.link import read_link
from soloneuron.playing.link_fields import spelled
from soloneuron.playing.link_words import feature_name
from soloneuron.playing.page import playground_page
from soloneuron.records.dataset import Dataset
from soloneuron.storage.files import write_text
from soloneuron.texts import text
from soloneuron.texts.language import language

FRAME_HEIGHT = 900
"""In pixels."""


@dataclass(frozen=True)
class PlaygroundFrame:
    """The playground with rows and settings; a notebook plays it in the cell.

    Attributes:
        link: rows and settings as the words of a link, which ``soloneuron train --url`` runs too.
        html: the whole page.
        note: what stands beside it.
        language: of its words, "en" or "ru".
    """

    link: str = field(repr=False)
    html: str = field(repr=False)
    note: str = field(repr=False)
    language: str = "en"

    def save(self, path: str | Path) -> None:
        """Write the page to a file, which opens without Python and without a network."""
        write_text(path, self.html)

    def _repr_html_(self) -> str:
        # A frame of its own may run its script, and sees nothing of the notebook.
        return (
            f'<p lang="{self.language}">{escape(self.note)}</p>'
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" loading="lazy" '
            f'style="width:100%;height:{FRAME_HEIGHT}px;border:0" title="soloneuron" allow="clipboard-write">'
            "</iframe>"
        )


def playground(features: Any = None, labels: Any = None, **settings: Any) -> PlaygroundFrame:
    """The playground in a frame: the page that trains the neuron live, with the given rows and settings.

    The columns are standardized; of more than 2000 rows as many are drawn by chance, seeded with 0, and the
    text beside the frame says so. The page keeps three decimals.

    Args:
        features: X (n, 2), of any kind that ``fit`` takes; the names of a table's columns stand on the axes.
            Without rows the page opens its own.
        labels: n labels of two kinds: 0 and 1, -1 and 1, or words.
        settings: words of a link with their values: ``loss="nll"`` or ``["nll", "mse"]``,
            ``optimizers=["adam", "nag"]`` or with rates ``{"adam": 0.2}``, ``batch=8``, ``start=(0, 0)``,
            ``bias=True``, ``terms=["x1x1", "x1x2"]``, ``l2``, ``noise``, ``seed``, ``test=0.3``, ``step``,
            ``lesson``, ``hide=["curves"]`` and ``lock=["data"]``; or ``surface="rosenbrock"`` without rows.

    Returns:
        An object that a notebook shows as the page; ``.save(path)`` writes it.

    Raises:
        ShapeError: other than two columns, or as many labels as rows are not there.
        InputError: labels of one class or of more than two, rows without labels, or a setting that the page
            does not have.

    Example:
        >>> frame = playground([[1, 2], [3, 1], [2, 5]], ["no", "yes", "no"], optimizers={"adam": 0.2})
        >>> frame.link.startswith("data=own&points="), frame.link.endswith("optimizers=adam:0.2")
        (True, True)
    """
    spoken = language()
    words = {name: quote(_spelled(value), safe=",:;.-") for name, value in settings.items()}
    note = text(spoken, "views.playground")
    if features is not None or labels is not None:
        data = _rows(features, labels)
        kept = sample(data, MOST_POINTS, seed=0)
        words = {"data": OWN, "points": _points(kept), **_names(features), **words}
        count = len(data.labels)
        note = f"{text(spoken, 'views.playground_rows', kept=len(kept.labels), rows=count)} {note}"
    link = "&".join(f"{name}={value}" for name, value in words.items())
    read_link(link)
    page = playground_page(spoken)
    return PlaygroundFrame(
        link, page.replace("<body ", f'<body data-link="{escape(link)}" ', 1), note, spoken
    )


def _rows(features: Any, labels: Any) -> Dataset:
    """Two standardized columns and their labels 0 and 1."""
    if features is None or labels is None:
        raise InputError("playground needs both, features and labels, or neither", code="rows.half")
    X = as_features(features, torch.float64)
    if X.shape[1] != 2:
        raise ShapeError(
            f"the playground draws two columns, got {X.shape[1]}: choose two, such as X[:, [0, 1]]",
            code="playground.columns",
            count=X.shape[1],
        )
    words = classes_of_words(labels)
    y = as_labels(labels if words is None else words[0], X.dtype, rows=len(X), soft=False, loss="nll")
    data = named_rows(X, y)
    return named_rows(standardize(X, measure_scaling(data)), y)


def _names(features: Any) -> dict[str, str]:
    """The names of the columns, where they have some, as a word of the link."""
    names = [feature_name(name) for name in getattr(features, "columns", ()) if isinstance(name, str)]
    return {"names": quote(",".join(names), safe=",")} if len(names) == 2 and all(names) else {}


def _points(data: Dataset) -> str:
    rows = zip(data.features.tolist(), data.labels.tolist(), strict=True)
    return ";".join(
        f"{spelled(round(one, DECIMALS) + 0.0)},{spelled(round(two, DECIMALS) + 0.0)},{int(label)}"
        for (one, two), label in rows
    )


def _spelled(value: Any) -> str:
    """A setting as a link spells it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict):
        return ",".join(f"{name}:{_spelled(rate)}" for name, rate in value.items())
    if value is None:
        return "all"
    if isinstance(value, str):
        return value
    try:
        return spelled(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        # No single number; what is none at all is refused as the words of a link are.
        return ",".join(map(_spelled, value)) if isinstance(value, Iterable) else str(value)
