"""What a figure shows is what the record holds."""

import pytest

from soloneuron import InputError, assignment_data
from soloneuron.experiments.assignment import four_runs
from soloneuron.experiments.landscapes import landscape, walks
from soloneuron.figures.catalogue import FIGURES, draw
from soloneuron.figures.palette import LINES, SYMBOLS
from soloneuron.figures.runs import run_charts
from soloneuron.figures.surfaces import neuron_of
from soloneuron.formulas.surfaces import Saddle
from soloneuron.records.findings import Chart, Series
from soloneuron.storage.runs import load_run, save_run
from soloneuron.texts.phrases import Phrase

TITLE = Phrase("figures.losses")


@pytest.fixture(scope="module")
def runs():
    return four_runs()


def test_a_point_hovers_with_the_probability_of_its_own_surface(runs):
    """The assignment's own figure showed the first surface's numbers on the second."""
    figure = draw(Chart("surfaces", TITLE, runs=("run_1", "run_2")), runs)
    for scene, name in (("scene", "run_1"), ("scene2", "run_2")):
        p = neuron_of(runs[name]).probabilities(runs[name].history.theta[-1], assignment_data().features)
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
    from dataclasses import replace

    wide = replace(runs["run_1"].data, features=runs["run_1"].data.features[:, :1])
    with pytest.raises(InputError, match="two features"):
        draw(Chart("surfaces", TITLE, runs=("one",)), {"one": replace(runs["run_1"], data=wide)})


def test_lines_differ_in_more_than_color():
    series = tuple(Series(f"line {k}", (0.0, 1.0), (1.0, 2.0), (0.5, 1.5), (2.0, 3.0)) for k in range(10))
    figure = draw(Chart("lines", TITLE, series, "x", "y", log="xy"), {})
    lines = [trace for trace in figure.data if trace.showlegend is not False]
    assert len({(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in lines}) == 10
    assert len(set(LINES)) == len(set(SYMBOLS)) == 10
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert len(figure.data) == 20


def test_the_slider_of_a_landscape_ends_with_the_whole_path():
    chart = landscape(TITLE, Saddle(), walks(Saddle(), {"momentum": 0.1, "adam": 0.1}, steps=40))
    figure = draw(chart, {}, "ru")
    shown, traces = figure.layout.sliders[0].steps[-1].args
    assert [len(x) for x in shown["x"]] == [len(series.x) for series in chart.series]
    assert list(traces) == [1, 2]


def test_figures_of_saved_runs_need_nothing_but_the_file(runs, tmp_path):
    save_run(runs["run_4"], tmp_path / "run.json")
    loaded = {"run": load_run(tmp_path / "run.json")}
    charts = run_charts(loaded)
    assert [chart.kind for chart in charts] == ["surfaces", "lines", "lines"]
    for chart in charts:
        assert draw(chart, loaded).to_json() == draw(chart, {"run": runs["run_4"]}).to_json()


def test_without_runs_there_is_nothing_to_draw():
    with pytest.raises(InputError):
        run_charts({})


def test_every_kind_of_chart_has_its_figure():
    assert set(FIGURES) == {"lines", "surfaces", "landscape"}
