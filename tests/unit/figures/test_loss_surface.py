"""A landscape of saved runs shows the loss that the runs went down on, and says what slice it is."""

from dataclasses import replace

import pytest
import torch

from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.trained import train_run
from soloneuron.figures.catalogue import draw_chart
from soloneuron.figures.loss_surface import KEPT, landscape_charts, loss_surfaces
from soloneuron.figures.runs import run_charts
from soloneuron.formulas.losses import Focal
from soloneuron.formulas.penalties import L2, ElasticNet
from soloneuron.records.dataset import Dataset
from soloneuron.records.recipe import Part
from soloneuron.texts import LANGUAGES

DATA = make_blobs(40, seed=1)
WIDE = Dataset(torch.cat([DATA.features, DATA.features.square()], 1), DATA.labels, ("a", "b", "c", "d"))


def descended(data=DATA, **settings):
    return train_run(data, **{"epochs": 30, "learning_rate": 0.5, **settings})


def charts_of(**runs):
    (terrain,) = loss_surfaces(runs)
    return landscape_charts(terrain)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"bias": False},
        {"loss": "mse"},
        {"penalty": L2(0.1, penalize_bias=True)},
        {"loss": Focal(gamma=0.0), "penalty": ElasticNet(0.1, l1_ratio=0.9)},
        {"data": WIDE},
    ],
    ids=["with a bias", "two parameters", "squared error", "a penalty", "all settings", "five parameters"],
)
def test_a_path_stands_at_the_losses_that_the_run_recorded(settings):
    """A full-batch run records the loss before each update: the height of the path, one epoch earlier."""
    run = descended(**settings)
    for chart in charts_of(run=run):
        (series,) = chart.series
        assert series.steps == run.history.epochs
        assert series.z[:-1] == pytest.approx(run.history.loss.tolist(), rel=1e-7)


def test_two_parameters_are_shown_exactly():
    run = descended(bias=False)
    chart, _ = charts_of(run=run)
    (series,) = chart.series
    assert (series.x[-1], series.y[-1]) == pytest.approx(run.history.theta[-1].tolist(), rel=1e-4)
    assert "exact" in chart.title.say("en")
    assert chart.x.say("en") == f"weight of {DATA.feature_names[0]}"


def test_a_grid_holds_the_loss_of_the_plane_it_names():
    run = descended(bias=False)
    grid = charts_of(run=run)[0].grid
    z = DATA.features @ torch.tensor([grid.x[7], grid.y[50]], dtype=torch.float64)
    loss = -(DATA.labels * torch.sigmoid(z).log() + (1 - DATA.labels) * torch.sigmoid(-z).log()).mean()
    assert grid.z[50][7] == pytest.approx(float(loss), rel=1e-4)


def test_a_slice_goes_through_the_end_of_the_first_run_and_says_so():
    one, other = descended(WIDE), descended(WIDE, optimizer="adam", learning_rate=0.1)
    for language in LANGUAGES:
        for chart in charts_of(one=one, other=other):
            caption = chart.title.say(language)
            assert "one" in caption
            assert "%" in caption
            assert caption.count("…") == 2
    chart = charts_of(one=one, other=other)[0]
    assert (chart.series[0].x[-1], chart.series[0].y[-1]) == pytest.approx((0, 0), abs=1e-12)


def test_runs_share_a_landscape_if_they_share_data_and_loss():
    other = make_blobs(40, seed=2)
    runs = {
        "plain": descended(),
        "adam": descended(optimizer="adam"),
        "mse": descended(loss="mse"),
        "elsewhere": descended(other),
    }
    assert [list(terrain.runs) for terrain in loss_surfaces(runs)] == [
        ["plain", "adam"],
        ["mse"],
        ["elsewhere"],
    ]
    names = [name for name in run_charts(runs) if name.startswith("landscape")]
    assert names == ["landscape", "landscape_2", "landscape_3"]


@pytest.mark.parametrize(
    "unknown",
    [
        {"loss": Part("my_own", own=True)},
        {"class_weight": "balanced"},
        {"sample_weight": True},
        {"penalty": Part("mine", own=True)},
        {"objective": Part("graph", own=True)},
    ],
    ids=lambda unknown: next(iter(unknown)),
)
def test_a_run_whose_loss_the_file_does_not_tell_has_no_landscape(unknown):
    run = descended(WIDE)
    run = replace(run, recipe=replace(run.recipe, **unknown))
    assert loss_surfaces({"run": run}) == ()
    assert list(run_charts({"run": run})) == ["losses", "gradients", "steps"]


def test_a_run_that_ran_away_does_not_make_the_others_a_dot():
    calm, wild = descended(), descended(learning_rate=1e6)
    history = wild.history
    wild = replace(wild, history=replace(history, outcomes=(replace(history.outcome, kind="oscillating"),)))
    alone, together = charts_of(calm=calm)[0].grid, charts_of(calm=calm, wild=wild)[0].grid
    assert together.x[-1] - together.x[0] < 10 * (alone.x[-1] - alone.x[0])


def test_a_long_path_keeps_its_ends_and_not_every_point():
    run = descended(epochs=400)
    (series,) = charts_of(run=run)[0].series
    assert len(series.x) == KEPT
    assert (series.steps[0], series.steps[-1]) == (0, 400)


@pytest.mark.parametrize("epochs", [0, 1])
def test_a_run_that_hardly_moved_has_a_landscape_too(epochs):
    for chart in charts_of(run=descended(epochs=epochs)):
        assert draw_chart(chart, {}).data


def test_a_sample_of_the_rows_is_told():
    run = descended()
    kept = replace(run, source=replace(run.source, rows=5000))
    assert "40" in charts_of(run=kept)[0].title.say("en")
    assert "5,000" in charts_of(run=kept)[0].title.say("en")
    assert "rows" not in charts_of(run=run)[0].title.say("en")
