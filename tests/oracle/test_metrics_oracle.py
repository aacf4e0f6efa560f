"""What is measured without scikit-learn is what scikit-learn says."""

import numpy as np
import pytest
import torch
from sklearn import metrics as scores

from soloneuron.formulas.metrics import metrics


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
