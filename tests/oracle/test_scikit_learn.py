"""What is measured and filled in without scikit-learn is what scikit-learn says."""

import numpy as np
import pytest
import torch
from sklearn import metrics as scores
from sklearn.impute import SimpleImputer

from soloneuron.data.columns.encoding import features_of, learned
from soloneuron.data.files.table import RawColumn
from soloneuron.formulas.metrics import metrics
from soloneuron.records.columns import ColumnEncoding


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_metrics_are_those_of_scikit_learn(ties, weighted):
    generator = np.random.default_rng(3)
    p = generator.random(300)
    p = np.round(p * 8) / 8 if ties else p
    y = (generator.random(300) < p).astype(float)
    weight = generator.integers(0, 4, 300).astype(float) if weighted else None
    found = metrics(*(None if part is None else torch.from_numpy(part) for part in (p, y, weight)))
    keywords = {"sample_weight": weight}
    assert found.accuracy == pytest.approx(scores.accuracy_score(y, p > 0.5, **keywords), rel=1e-12)
    assert found.log_loss == pytest.approx(scores.log_loss(y, p, labels=[0, 1], **keywords), rel=1e-12)
    assert found.brier == pytest.approx(scores.brier_score_loss(y, p, **keywords), rel=1e-12)
    assert found.roc_auc == pytest.approx(scores.roc_auc_score(y, p, **keywords), rel=1e-12)


@pytest.mark.parametrize("missing", ["mean", "median"])
def test_gaps_are_filled_as_by_simple_imputer(missing):
    generator = np.random.default_rng(5)
    values = generator.normal(size=(41, 3)) * [1e-3, 1.0, 1e7]
    values[generator.random(values.shape) < 0.2] = np.nan
    columns = [RawColumn(name, numbers=column) for name, column in zip("abc", values.T, strict=True)]
    encodings = learned(columns, [ColumnEncoding(name, "number") for name in "abc"], missing)
    wanted = SimpleImputer(strategy=missing).fit_transform(values)
    assert np.allclose(features_of(columns, encodings), wanted, rtol=1e-14, atol=0)
