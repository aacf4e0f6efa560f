"""Frames as polars makes them, known by what they can do: polars itself is not here."""

import numpy as np
import pytest
import torch

from soloneuron import NeuronClassifier, fit
from soloneuron.data.arrays import as_features
from soloneuron.data.tables import column_names, unpacked
from soloneuron.errors import InputError

ROWS = {"a": [1.0, 2.0, -1.0, 0.5, 0.0], "b": [2.0, 1.0, -2.0, 0.5, 1.0]}
LABELS = [1, 0, 0, 0, 1]


class Series:
    """A column of polars: ``null_count`` is a method, and gaps in numbers become NaN."""

    def __init__(self, name, values):
        self.name, self._values = name, values

    def __len__(self):
        return len(self._values)

    def __getitem__(self, row):
        return self._values[row]

    def null_count(self):
        return sum(value is None for value in self._values)

    def to_numpy(self):
        if any(isinstance(value, str) for value in self._values):
            return np.array(self._values, dtype=object)
        array = np.array([np.nan if value is None else value for value in self._values])
        array.flags.writeable = False  # as where the numbers are the column's own
        return array

    def __array__(self, dtype=None, copy=None):
        return self.to_numpy() if dtype is None else self.to_numpy().astype(dtype)


class Frame:
    """A frame of polars: columns are a list of names, and rows are taken by ``to_numpy`` alone."""

    def __init__(self, columns):
        self._series = {name: Series(name, values) for name, values in columns.items()}

    def __len__(self):
        return self.height

    def __getitem__(self, name):
        return self._series[name]

    def __iter__(self):
        """Columns, not rows."""
        return iter(self._series.values())

    @property
    def columns(self):
        return [*self._series]

    @property
    def height(self):
        return len(next(iter(self._series.values()), ()))

    @property
    def shape(self):
        return self.height, len(self._series)

    def null_count(self):
        return Frame({name: [one.null_count()] for name, one in self._series.items()})

    def to_numpy(self):
        columns = [one.to_numpy() for one in self._series.values()]
        return np.asfortranarray(np.stack(columns, 1)) if columns else np.empty((0, 0))

    def __array__(self, dtype=None, copy=None):
        return self.to_numpy() if dtype is None else self.to_numpy().astype(dtype)


FRAME, Y = Frame(ROWS), Series("y", LABELS)


def test_rows_and_labels_are_those_of_the_frame():
    X = torch.tensor([*zip(*ROWS.values(), strict=True)], dtype=torch.float64)
    assert torch.equal(as_features(FRAME), X)
    assert unpacked(Y, "labels").tolist() == LABELS
    assert torch.equal(fit(FRAME, Y, epochs=5).theta, fit(X, LABELS, epochs=5).theta)


def test_names_of_columns_reach_the_run():
    assert column_names(FRAME) == ("a", "b")
    assert column_names(Y) == ()
    assert fit(FRAME, Y, epochs=1).data.feature_names == ("a", "b")


def test_labels_may_be_words_of_a_series():
    words = Series("y", ["yes" if label else "no" for label in LABELS])
    assert torch.equal(fit(FRAME, words, epochs=5).theta, fit(FRAME, Y, epochs=5).theta)


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (Frame(ROWS | {"b": [2.0, None, -2.0, 0.5, 1.0]}), "got nan in row 1, column 'b'"),
        (Frame(ROWS | {"b": [2.0, np.inf, -2.0, 0.5, 1.0]}), "got inf in row 1, column 'b'"),
        (Frame(ROWS | {"b": ["x", "y", "x", "y", "x"]}), "got 'x' in row 0, column 'b'"),
        (Frame({"a": [], "b": []}), "at least one row"),
        (Frame({}), "at least one"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_by_its_column(frame, sentence):
    with pytest.raises(InputError, match=sentence):
        fit(frame, Y)


def test_the_frame_is_left_as_it_is():
    fit(FRAME, Y, epochs=5)
    assert {name: FRAME[name].to_numpy().tolist() for name in FRAME.columns} == ROWS


def test_the_estimator_takes_a_frame_as_it_takes_an_array():
    X, words = FRAME.to_numpy(), Series("y", ["yes" if label else "no" for label in LABELS])
    one = NeuronClassifier(epochs=5, tol=None).fit(FRAME, words)
    other = NeuronClassifier(epochs=5, tol=None).fit(X, words.to_numpy())
    assert one.coef_.tolist() == other.coef_.tolist()
    assert one.classes_.tolist() == ["no", "yes"]
    assert one.predict(FRAME).tolist() == other.predict(X).tolist()
