"""A CSV file that somebody brings becomes points of a link."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from soloneuron.data.columns.faults import ColumnFault
from soloneuron.data.datasets import read_dataset
from soloneuron.data.files.reading import read_table
from soloneuron.data.preparation import measure_scaling, sample, standardize
from soloneuron.errors import InputError, InputWarning
from soloneuron.playground.config import DECIMALS, MOST_POINTS, Config, Point
from soloneuron.playground.link import read_link, write_link
from soloneuron.playground.refusals import playground_error

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
    with _stored(raw) as path:
        names = [column.name for column in read_table(path).columns]
    label = next((name for name in names if name.lower() in LABELS), names[-1])
    if len(names) != 3:
        raise playground_error("csv.columns", count=len(names), label=label[:40])
    with _stored(raw) as path, warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        data = read_dataset(path, label=label, features=[name for name in names if name != label])
    rows = len(data.labels)
    if not all(data.classes):
        raise playground_error("points.one_class")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        data = replace(data, features=standardize(data.features, measure_scaling(data)))
    data = sample(data, MOST_POINTS, seed=0)
    points = tuple(
        Point(round(x1, DECIMALS), round(x2, DECIMALS), int(y))
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


@contextmanager
def _stored(raw: bytes) -> Iterator[Path]:
    """The file in a folder of its own; a refusal does not name the place where the bytes lay for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.csv"
        path.write_bytes(raw)
        try:
            yield path
        except InputError as fault:
            first = fault.fields.get("first")
            if isinstance(first, ColumnFault):
                raise _plain(first) from None
            said = str(fault).replace(str(path), "the file")
            raise InputError(said, code=fault.code, **fault.fields) from None


def _plain(fault: ColumnFault) -> InputError:
    """A fault of a column in words that the page knows: what it is, and where."""
    fields: dict[str, object] = {"column": fault.column, "cell": "", **fault.fields}
    fields["line"] = int("".join(filter(str.isdigit, str(fields.get("place", "")))) or 0)
    code = "columns.uploaded_gap" if fault.cure in ("missing", "label") else "columns.uploaded_word"
    return InputError(fault.phrase.say("en"), code=code, **fields)
