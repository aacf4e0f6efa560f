"""The small real data sets are scikit-learn's rows."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
import torch
from sklearn import datasets

from soloneuron.data import measured, measured_rows
from soloneuron.data.catalogue import make_dataset

SCRIPT = Path(__file__).parents[3] / "scripts" / "measured"


def test_the_committed_rows_are_what_the_script_makes():
    loader = SourceFileLoader("measured_script", str(SCRIPT))
    script = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(script)
    assert Path(measured_rows.__file__).read_text(encoding="utf-8") == script.measured()


@pytest.mark.parametrize(
    ("name", "bunch", "classes", "columns", "every"),
    [
        ("iris", datasets.load_iris, (1, 2), (2, 3), 1),
        ("wine", datasets.load_wine, (1, 2), (6, 9), 2),
        ("tumors", datasets.load_breast_cancer, (0, 1), (0, 1), 6),
    ],
)
def test_a_real_data_set_is_two_columns_and_two_classes_of_scikit_learn_s(
    name, bunch, classes, columns, every
):
    found, data = bunch(), make_dataset(name)
    for label, kind in enumerate(classes):
        rows = torch.tensor(found.data[::every][found.target[::every] == kind][:, columns])
        mine = data.features[data.labels == label]
        mine = (measured.TENTHS * mine).round() + torch.tensor(measured.CENTERS[name])
        assert sorted(mine.tolist()) == sorted((measured.TENTHS * rows).round().tolist())
        assert data.classes[label] == found.target_names[kind]
    assert len(data.labels) <= 120
