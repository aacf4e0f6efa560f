"""Made data are seeded, and show the one thing that they are made for; bundled data are what they say."""

import math

import pytest
import torch

from soloneuron.data import makers
from soloneuron.data.catalogue import DATASETS, SEEDED
from soloneuron.errors import InputError
from soloneuron.experiments.training import takes_apart
from soloneuron.result.fitting import fit

MADE = sorted(SEEDED)


@pytest.mark.parametrize("name", MADE)
def test_the_same_seed_makes_the_same_rows_and_another_seed_others(name):
    one, same, other = (DATASETS.load(name)(200, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(one.features, same.features)
    assert torch.equal(one.labels, same.labels)
    assert not torch.equal(one.features, other.features)


@pytest.mark.parametrize("name", MADE)
def test_a_made_set_has_the_rows_asked_for_of_both_classes_under_its_name(name):
    data = DATASETS.load(name)(200, seed=1)
    assert data.features.shape == (200, 2)
    assert data.features.dtype == torch.float64
    assert data.features.isfinite().all()
    assert set(data.labels.tolist()) == {0.0, 1.0}
    assert data.name == name
    assert len(data.feature_names) == 2


@pytest.mark.parametrize("name", [name for name in MADE if name not in ("rare_feature", "duplicates")])
def test_one_row_is_refused(name):
    with pytest.raises(InputError, match="rows must be >= 2"):
        DATASETS.load(name)(1)


def sides(data):
    return data.features[data.labels == 0], data.features[data.labels == 1]


def test_clouds_stand_as_far_apart_as_asked_and_are_round():
    zero, one = sides(makers.blobs(20_000, seed=0, distance=3.0))
    apart = one.mean(0) - zero.mean(0)
    assert float(torch.linalg.vector_norm(apart)) == pytest.approx(3.0, abs=0.05)
    assert float(apart[0]) == pytest.approx(float(apart[1]), abs=0.05)
    assert zero.std(0).tolist() == pytest.approx([1.0, 1.0], abs=0.03)


def best_share(data):
    """The accuracy of a neuron that has learned the rows."""
    return float(fit(data, learning_rate=1.0, epochs=500, record_every=500).accuracy[-1])


@pytest.mark.parametrize(
    ("name", "least", "most"), [("xor", 0.4, 0.65), ("circles", 0.4, 0.7), ("moons", 0.8, 0.97)]
)
def test_what_no_line_parts_a_neuron_cannot_learn(name, least, most):
    data = DATASETS.load(name)(400, seed=0)
    assert not takes_apart(data)
    assert least <= best_share(data) <= most


@pytest.mark.parametrize("gap", [0.2, 1.0])
def test_separable_classes_leave_a_strip_empty_along_the_diagonal(gap):
    data = makers.separable(400, seed=0, gap=gap)
    assert takes_apart(data)
    zero, one = (part.sum(1) / math.sqrt(2) for part in sides(data))
    assert float(zero.max()) <= -gap / 2
    assert float(one.min()) >= gap / 2


def test_a_stretched_feature_is_as_wide_and_as_far_away_as_asked():
    round_, wide = makers.blobs(100, seed=0), makers.stretched(100, seed=0, factor=7.0, shift=3.0)
    torch.testing.assert_close(wide.features[:, 1], 7 * round_.features[:, 1] + 3)
    assert torch.equal(wide.features[:, 0], round_.features[:, 0])


@pytest.mark.parametrize(
    ("correlation", "distance"), [(0.98, (1.0, 1.0)), (0.5, (0.2, -0.2)), (-0.9, (0.0, 2.0))]
)
def test_correlated_noise_has_the_correlation_and_the_centers_asked_for(correlation, distance):
    data = makers.correlated(20_000, seed=0, correlation=correlation, distance=distance)
    zero, one = sides(data)
    assert (one.mean(0) - zero.mean(0)).tolist() == pytest.approx(distance, abs=0.05)
    assert float(torch.corrcoef(zero.T)[0, 1]) == pytest.approx(correlation, abs=0.02)
    assert data.features.std(0)[0] > 0.9


@pytest.mark.parametrize("correlation", [1.0, -1.0, 2.0, math.nan])
def test_a_correlation_that_is_none_is_refused(correlation):
    with pytest.raises(InputError, match="correlation must lie between -1 and 1"):
        makers.correlated(correlation=correlation)


def test_a_rare_feature_is_seldom_there_and_decides_where_it_is():
    data = makers.rare_feature(20_000, seed=0)
    there = data.features[:, 1] > 0
    assert float(there.double().mean()) == pytest.approx(0.02, abs=0.004)
    assert float(data.labels[there].mean()) > 0.85
    assert float(data.labels[~there].mean()) < 0.6


def test_just_the_thrown_rows_are_far_away():
    clean, spoiled = makers.outliers(300, seed=0, count=0), makers.outliers(300, seed=0, count=7)
    moved = (clean.features != spoiled.features).any(1)
    assert int(moved.sum()) == 7
    assert (spoiled.labels[moved] == 1).all()
    assert (spoiled.features[moved, 0] < -15).all()
    assert clean.features.abs().max() < 8


def test_just_the_share_of_labels_is_wrong():
    true, noisy = (makers.label_noise(300, seed=0, share=share) for share in (0.0, 0.3))
    assert torch.equal(true.features, noisy.features)
    assert int((true.labels != noisy.labels).sum()) == 90


def test_just_the_share_of_rows_is_in_the_rare_class():
    data = makers.imbalanced(1000, seed=0, share=0.07)
    assert int(data.labels.sum()) == 70
    zero, one = sides(data)
    assert float((one.mean(0) - zero.mean(0)).sum()) > 2


def test_duplicates_are_few_rows_many_times_each_with_its_label():
    data = makers.duplicates(1000, seed=0, different=20)
    rows, counts = torch.cat([data.features, data.labels[:, None]], 1).unique(dim=0, return_counts=True)
    assert len(rows) == 20
    assert counts.tolist() == [50] * 20


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("assignment", (5, 2), ("0", "1")),
        ("breast_cancer", (569, 30), ("malignant", "benign")),
        ("iris_pair", (100, 4), ("versicolor", "virginica")),
        ("digits_pair", (357, 64), ("3", "8")),
    ],
)
def test_bundled_data_are_what_they_say(name, shape, classes):
    data = DATASETS.load(name)()
    assert data.features.shape == shape
    assert (data.name or "assignment", data.classes) == (name, classes)
    assert 0.3 < float(data.labels.mean()) < 0.7
