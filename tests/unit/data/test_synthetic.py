"""Made data are seeded, and show the one thing that they are made for; bundled data are what they say."""

import math

import pytest
import torch

from soloneuron.data import synthetic
from soloneuron.data.catalogue import DATASETS, ENTRIES
from soloneuron.errors import InputError
from soloneuron.experiments.measuring import is_separable
from soloneuron.result.fitting import fit

SEEDED = [name for name, entry in ENTRIES.items() if entry.seeded]


@pytest.mark.parametrize("name", SEEDED)
def test_the_same_seed_makes_the_same_rows_and_another_seed_others(name):
    one, same, other = (DATASETS.load(name)(200, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(one.features, same.features)
    assert torch.equal(one.labels, same.labels)
    assert not torch.equal(one.features, other.features)


@pytest.mark.parametrize("name", SEEDED)
def test_a_made_set_has_the_rows_asked_for_of_both_classes_under_its_name(name):
    data = DATASETS.load(name)(200, seed=1)
    assert data.features.shape == (200, 2)
    assert data.features.dtype == torch.float64
    assert data.features.isfinite().all()
    assert set(data.labels.tolist()) == {0.0, 1.0}
    assert data.name == name
    assert len(data.feature_names) == 2


@pytest.mark.parametrize("name", [name for name in SEEDED if name not in ("rare_feature", "duplicates")])
def test_one_row_is_refused(name):
    with pytest.raises(InputError, match=r"rows must be >= [24]"):
        DATASETS.load(name)(1)


@pytest.mark.parametrize("name", [name for name in SEEDED if name not in ("rare_feature", "imbalanced")])
@pytest.mark.parametrize("rows", [4, 7, 310])
def test_few_and_odd_rows_have_both_classes_too(name, rows):
    assert set(DATASETS.load(name)(rows).labels.tolist()) == {0.0, 1.0}


def sides(data):
    return data.features[data.labels == 0], data.features[data.labels == 1]


def test_clouds_stand_as_far_apart_as_asked_and_are_round():
    zero, one = sides(synthetic.make_blobs(20_000, seed=0, distance=3.0))
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
    assert not is_separable(data)
    assert least <= best_share(data) <= most


@pytest.mark.parametrize("gap", [0.2, 1.0])
def test_a_narrow_gap_leaves_a_strip_empty_along_the_diagonal(gap):
    data = synthetic.make_narrow_gap(400, seed=0, gap=gap)
    assert is_separable(data)
    zero, one = (part.sum(1) / math.sqrt(2) for part in sides(data))
    assert float(zero.max()) <= -gap / 2
    assert float(one.min()) >= gap / 2


def test_a_stretched_feature_is_as_wide_and_as_far_away_as_asked():
    round_ = synthetic.make_blobs(100, seed=0, distance=1.5)
    wide = synthetic.make_stretched(100, seed=0, factor=7.0, shift=3.0, distance=1.5)
    torch.testing.assert_close(wide.features[:, 1], 7 * round_.features[:, 1] + 3)
    assert torch.equal(wide.features[:, 0], round_.features[:, 0])


def test_the_clouds_are_blobs_that_touch_and_the_stretched_ones_are_they():
    clouds, stretched = synthetic.make_clouds(100, seed=3), synthetic.make_stretched(100, seed=3)
    assert torch.equal(
        clouds.features, synthetic.make_blobs(100, seed=3, distance=synthetic.TOUCHING).features
    )
    assert torch.equal(stretched.features, clouds.features * torch.tensor([1.0, 10.0]))
    assert synthetic.TOUCHING / (2 * math.sqrt(2)) == 1.24


@pytest.mark.parametrize("seed", range(5))
def test_the_separable_clouds_are_separable_whatever_the_seed(seed):
    data = synthetic.make_separable(seed=seed)
    assert (data.features.sum(1) * (2 * data.labels - 1) > 1).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_standardized_clouds_are_the_stretched_ones_with_deviations_of_one(seed):
    data, raw = synthetic.make_standardized(seed=seed), synthetic.make_stretched(seed=seed)
    torch.testing.assert_close(data.features.std(0, correction=0), torch.ones(2).double())
    both = torch.stack([data.features[:, 1], raw.features[:, 1]])
    assert float(torch.corrcoef(both)[0, 1]) == pytest.approx(1)


@pytest.mark.parametrize(("rows", "count"), [(300, 15), (310, 16), (4, 1)])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_outliers_are_of_both_classes_and_the_farthest_on_the_wrong_side(rows, count, seed):
    data = synthetic.make_outliers(rows, seed=seed)
    found, side = synthetic.outlier_rows(data), 2 * data.labels - 1
    assert int(found.sum()) == count
    assert count == 1 or set(data.labels[found].tolist()) == {0.0, 1.0}
    assert ((data.features.sum(1) * side)[found] < -5).all()
    assert not synthetic.outlier_rows(synthetic.make_clouds(rows)).any()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_rare_feature_is_best_weighed_by_twice_the_logarithm_of_five(seed):
    data = synthetic.make_rare(seed=seed)
    present = data.features[:, 1] != 0
    assert int(present.sum()) == 6
    assert set(data.labels[present].tolist()) == {0.0, 1.0}
    x, y, best = data.features[present, 1], data.labels[present], 2 * math.log(5)
    assert float((x * (torch.sigmoid(best * x) - y)).sum()) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("correlation", "distance"), [(0.98, (1.0, 1.0)), (0.5, (0.2, -0.2)), (-0.9, (0.0, 2.0))]
)
def test_correlated_noise_has_the_correlation_and_the_centers_asked_for(correlation, distance):
    data = synthetic.make_correlated(20_000, seed=0, correlation=correlation, distance=distance)
    zero, one = sides(data)
    assert (one.mean(0) - zero.mean(0)).tolist() == pytest.approx(distance, abs=0.05)
    assert float(torch.corrcoef(zero.T)[0, 1]) == pytest.approx(correlation, abs=0.02)
    assert data.features.std(0)[0] > 0.9


def test_noise_shakes_every_feature_by_a_share_of_its_own_deviation_and_moves_no_label():
    data = synthetic.make_stretched(20_000, seed=3)
    noisy, twice = (synthetic.add_noise(data, noise, seed=4) for noise in (0.5, 1.0))
    moved = noisy.features - data.features
    assert torch.allclose(moved.std(0) / data.features.std(0), torch.full((2,), 0.5).double(), rtol=0.02)
    assert moved.mean(0).abs().max() < 0.02 * data.features.std(0).max()
    assert torch.corrcoef(torch.cat([moved.T, data.features.T])).triu(1).abs()[0].max() < 0.03
    assert torch.allclose(twice.features - data.features, 2 * moved)
    assert torch.equal(noisy.labels, data.labels)


def test_rows_without_noise_are_the_rows_and_another_seed_draws_other_noise():
    data = synthetic.make_xor(seed=1)
    assert synthetic.add_noise(data, 0.0) is data
    one, other = (synthetic.add_noise(data, 1.0, seed=seed).features for seed in (0, 1))
    assert not torch.equal(one, other)


@pytest.mark.parametrize("noise", [-0.1, math.nan, math.inf])
def test_a_noise_that_is_none_is_refused(noise):
    with pytest.raises(InputError, match="noise must be finite"):
        synthetic.add_noise(synthetic.make_xor(), noise)


@pytest.mark.parametrize("correlation", [1.0, -1.0, 2.0, math.nan])
def test_a_correlation_that_is_none_is_refused(correlation):
    with pytest.raises(InputError, match="correlation must lie between -1 and 1"):
        synthetic.make_correlated(correlation=correlation)


def test_a_rare_feature_is_seldom_there_and_decides_where_it_is():
    data = synthetic.make_rare_feature(20_000, seed=0)
    there = data.features[:, 1] > 0
    assert float(there.double().mean()) == pytest.approx(0.02, abs=0.004)
    assert float(data.labels[there].mean()) > 0.85
    assert float(data.labels[~there].mean()) < 0.6


def test_just_the_thrown_rows_are_far_away():
    clean, spoiled = (
        synthetic.make_gross_outliers(300, seed=0, count=0),
        synthetic.make_gross_outliers(300, seed=0, count=7),
    )
    moved = (clean.features != spoiled.features).any(1)
    assert int(moved.sum()) == 7
    assert (spoiled.labels[moved] == 1).all()
    assert (spoiled.features[moved, 0] < -15).all()
    assert clean.features.abs().max() < 8


def test_just_the_share_of_labels_is_wrong():
    true, noisy = (synthetic.make_label_noise(300, seed=0, share=share) for share in (0.0, 0.3))
    assert torch.equal(true.features, noisy.features)
    assert int((true.labels != noisy.labels).sum()) == 90


def test_just_the_share_of_rows_is_in_the_rare_class():
    data = synthetic.make_imbalanced(1000, seed=0, share=0.07)
    assert int(data.labels.sum()) == 70
    zero, one = sides(data)
    assert float((one.mean(0) - zero.mean(0)).sum()) > 2


def test_duplicates_are_few_rows_many_times_each_with_its_label():
    data = synthetic.make_duplicates(1000, seed=0, different=20)
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
