"""What a figure shows is what the record holds."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from soloneuron import InputError, assignment_data
from soloneuron.experiments.assignment import four_runs
from soloneuron.experiments.trained import train_run
from soloneuron.figures.catalogue import FIGURES, draw_chart
from soloneuron.figures.frame import log_axis, still
from soloneuron.figures.runs import effective_steps, run_charts
from soloneuron.records.findings import Chart, ChartKind, Series
from soloneuron.records.recipe import Part
from soloneuron.storage.runs import read_run, write_run
from soloneuron.texts.phrases import Phrase
from soloneuron.training.recipes import neuron_of

TITLE = Phrase("figures.losses")


@pytest.fixture(scope="module")
def runs():
    return four_runs()


def test_a_point_hovers_with_the_probability_of_its_own_surface(runs):
    """The assignment's own figure showed the first surface's numbers on the second."""
    figure = draw_chart(Chart("surfaces", TITLE, runs=("run_1", "run_2")), runs)
    for scene, name in (("scene", "run_1"), ("scene2", "run_2")):
        p = neuron_of(runs[name].recipe).probabilities(
            runs[name].history.theta[-1], assignment_data().features
        )
        told = [
            text
            for trace in figure.data
            if trace.type == "scatter3d" and trace.scene == scene
            for text in trace.text
        ]
        heights = [
            z for trace in figure.data if trace.type == "scatter3d" and trace.scene == scene for z in trace.z
        ]
        assert sorted(heights) == sorted(round(value, 4) for value in p.tolist())
        for value in p.tolist():
            assert any(f"{value:.3f}" in text for text in told)


def test_a_surface_needs_two_features(runs):
    wide = replace(runs["run_1"].data, features=runs["run_1"].data.features[:, :1])
    with pytest.raises(InputError, match="two features"):
        draw_chart(Chart("surfaces", TITLE, runs=("one",)), {"one": replace(runs["run_1"], data=wide)})


@pytest.mark.parametrize(("log", "kind"), [("", "-"), ("xy", "log")])
def test_an_axis_is_logarithmic_where_the_chart_says_so(log, kind):
    series = (Series("line", (1.0, 2.0), (1.0, 2.0), (0.5, 1.5), (2.0, 3.0)),)
    figure = draw_chart(Chart("lines", TITLE, series, "x", "y", log=log), {})
    assert (figure.layout.xaxis.type or "-") == (figure.layout.yaxis.type or "-") == kind
    assert len(figure.data) == 2


def test_what_is_not_finite_is_a_gap_and_does_not_stretch_the_axis():
    series = Series("line", (1.0, 2.0, 3.0, 4.0), (1.0, math.inf, math.nan, 2.0))
    figure = draw_chart(Chart("lines", TITLE, (series,), "x", "y", log="xy"), {})
    assert figure.data[0].y == (1.0, None, None, 2.0)
    assert [*figure.layout.yaxis.ticktext] == log_axis("y", [1.0, 2.0])["ticktext"]


@pytest.mark.parametrize(
    ("values", "told"),
    [((0.02, 0.3), {"0.02", "0.05", "0.1", "0.2"}), ((1e-9, 1.0), None), ((None, 0.0), None)],
)
def test_a_short_logarithmic_axis_tells_two_and_five_in_full_and_a_long_one_powers(values, told):
    axis = log_axis("y", values)
    assert (told is None) == ("ticktext" not in axis)
    assert told is None or told <= set(axis["ticktext"])
    assert axis.get("dtick", 1) >= 1


def test_figures_of_saved_runs_need_nothing_but_the_file(runs, tmp_path):
    write_run(runs["run_4"], tmp_path / "run.json")
    loaded = {"run": read_run(tmp_path / "run.json")}
    charts = run_charts(loaded)
    assert list(charts) == ["surfaces", "landscape", "relief", "losses", "gradients", "steps"]
    for chart in charts.values():
        assert draw_chart(chart, loaded).to_json() == draw_chart(chart, {"run": runs["run_4"]}).to_json()


@pytest.mark.parametrize(
    "part", [{"loss": Part("luck")}, {"loss": Part("nll", own=True)}, {"objective": Part("mine", own=True)}]
)
def test_a_run_whose_loss_is_not_known_by_name_has_no_surface(part, runs):
    one = replace(runs["run_1"], recipe=replace(runs["run_1"].recipe, **part))
    assert "surfaces" not in {chart.kind for chart in run_charts({"one": one}).values()}


def test_without_runs_there_is_nothing_to_draw():
    with pytest.raises(InputError):
        run_charts({})


def test_an_effective_step_is_how_far_an_epoch_moves_theta(runs):
    run = runs["run_1"]
    theta = run.history.theta.tolist()
    moved = [math.dist(before, after) for before, after in pairwise(theta)]
    assert effective_steps(run) == pytest.approx(moved, rel=1e-12)
    sparse = train_run(run.data, epochs=7, record_every=3, learning_rate=0.5)
    assert sparse.history.epochs == (0, 3, 6, 7)
    theta = sparse.history.theta.tolist()
    spans = [math.dist(a, b) / days for (a, b), days in zip(pairwise(theta), (3, 3, 1), strict=True)]
    assert effective_steps(sparse) == pytest.approx(spans, rel=1e-12)


def test_a_step_of_no_length_leaves_a_gap_on_the_logarithmic_axis(runs):
    history = runs["run_1"].history
    still = replace(history, theta=history.theta[:1].expand_as(history.theta))
    (line,) = run_charts({"still": replace(runs["run_1"], history=still)})["steps"].series
    assert set(line.y) == {None}


@pytest.mark.parametrize("kind", get_args(ChartKind))
def test_every_kind_of_chart_has_its_figure(kind):
    assert callable(FIGURES.load(kind))


def test_a_still_picture_has_its_title_and_nothing_to_press(runs):
    chart = run_charts({"one": runs["run_1"]})["landscape"]
    figure = still(draw_chart(chart, {}), chart.title.say("en"))
    assert not figure.layout.sliders
    assert not figure.layout.updatemenus
    assert not figure.frames
    assert figure.layout.title.text.replace("<br>", " ") == chart.title.say("en")
