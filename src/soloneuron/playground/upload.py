"""A CSV file that somebody brings becomes points of a link."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

from soloneuron.data.files import read_dataset
from soloneuron.data.preparation import measure_scaling, sample, standardize
from soloneuron.errors import InputWarning
from soloneuron.playground.config import MOST_POINTS, PLACES, Config, Point, read_link, refused, write_link

LABELS = ("label", "y", "class", "target")


def points_of_csv(raw: bytes) -> tuple[str, dict[str, object]]:
    """The points of a CSV file with two columns of numbers and a label.

    The label is the column called label, y, class or target, else the last one. Columns are standardized, and
    of more than 400 rows 400 are drawn by seeded chance.

    Args:
        raw: the bytes of the file.

    Returns:
        A link with these points and nothing else, and what is to be said of them by name.

    Raises:
        InputError: the neuron cannot use the file; the sentence says why.
    """
    names = _names(raw)
    label = next((name for name in names if name.lower() in LABELS), names[-1])
    if len(names) != 3:
        raise refused("csv.columns", count=len(names), label=label[:40])
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        path = Path(folder) / "upload.csv"
        path.write_bytes(raw)
        data = read_dataset(path, label=label)
        rows = len(data.labels)
        if not all(data.classes):
            raise refused("points.one_class")
        data = replace(data, features=standardize(data.features, measure_scaling(data)))
        data = sample(data, MOST_POINTS, seed=0)
    points = tuple(
        Point(round(x1, PLACES), round(x2, PLACES), int(y))
        for (x1, x2), y in zip(data.features.tolist(), data.labels.tolist(), strict=True)
    )
    link = write_link(Config(data="own", points=points))
    read_link(link)
    said = {
        "rows": rows,
        "kept": len(points),
        "label": label,
        "zero": data.classes[0],
        "one": data.classes[1],
    }
    return link, said | {"x1": data.feature_names[0], "x2": data.feature_names[1]}


def _names(raw: bytes) -> list[str]:
    """The names of the first line."""
    try:
        first = raw.decode("utf-8-sig").split("\n", 1)[0]
    except UnicodeDecodeError:
        raise refused("csv.text") from None
    mark = max(",;\t", key=first.count)
    return [name.strip().strip('"') for name in first.strip().split(mark)]
