"""Laws of every figure: nobody has to tell colors apart, and everything is told in words too."""

import json
import re
from pathlib import Path

import pytest

from soloneuron.experiments.assignment import four_runs
from soloneuron.experiments.landscapes import in_space, landscape, paths_at
from soloneuron.experiments.tuning import RACERS
from soloneuron.figures import palette
from soloneuron.figures.catalogue import FIGURES, draw_chart
from soloneuron.figures.landscape import draw_landscape
from soloneuron.figures.palette import LINE_COLORS, SOLID_SYMBOLS, SURFACE, SYMBOLS, line_numbers
from soloneuron.figures.race import MOMENTS
from soloneuron.figures.runs import run_charts
from soloneuron.formulas.stalling_surfaces import Saddle
from soloneuron.optimizers.catalogue import NINE
from soloneuron.records.findings import Chart, Series
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase

TITLE = Phrase("figures.losses")
METHODS = ("gradient_descent", *NINE)
RATES = dict.fromkeys(METHODS, 0.05)
TEN = landscape(TITLE, Saddle(), paths_at(Saddle(), RATES, steps=40))
LINES_OF_TEN = Chart("lines", TITLE, TEN.series, "x", "y")
NAMELESS = Chart("lines", TITLE, tuple(Series(f"{k}", (0.0, 1.0), (1.0, 2.0)) for k in range(24)), "x", "y")
RUNS = four_runs()
CHARTS = {
    "lines": LINES_OF_TEN,
    "many lines": NAMELESS,
    "landscape": TEN,
    "relief": in_space(TEN),
    **{f"runs: {name}": chart for name, chart in run_charts(RUNS).items()},
}


def named(figure):
    return [trace for trace in figure.data if trace.type.startswith("scatter") and trace.name]


@pytest.fixture(params=CHARTS, scope="module")
def drawn(request):
    chart = CHARTS[request.param]
    return chart, draw_chart(chart, RUNS)


def test_every_kind_is_among_the_charts():
    assert {chart.kind for chart in CHARTS.values()} == set(FIGURES)


def test_every_line_differs_from_every_other_in_dash_or_marker(drawn):
    _, figure = drawn
    lines = [trace for trace in named(figure) if trace.showlegend is not False]
    assert len({(trace.line.dash, trace.marker.symbol) for trace in lines}) == len(lines)


def test_every_line_is_of_tols_palette_and_every_ground_of_cividis(drawn):
    _, figure = drawn
    for trace in figure.data:
        if trace.type in ("surface", "contour"):
            first, last = trace.colorscale[0][1], trace.colorscale[-1][1]
            assert (first, last) == ("#00224e", "#fee838")
    assert {trace.line.color for trace in named(figure) if trace.line.color} <= set(LINE_COLORS)
    assert SURFACE == "Cividis"


def test_what_hovers_is_worded_in_both_languages(drawn):
    chart, _ = drawn
    for language in LANGUAGES:
        words = json.dumps(
            json.loads(draw_chart(chart, RUNS, language).to_json())["data"], ensure_ascii=False
        )
        assert not re.search(r"figures\.|study\.", words)
    assert "mean loss" not in words


def test_a_point_of_a_path_tells_where_it_is_and_how_high():
    for figure in (draw_chart(TEN, {}), draw_chart(in_space(TEN), {})):
        traces = [trace for trace in named(figure) if trace.text is not None]
        assert len(traces) == 10
        for trace, series in zip(traces, TEN.series, strict=True):
            for part in (
                f"x {series.x[7]:.4g}",
                f"y {series.y[7]:.4g}",
                f"height {series.z[7]:.4g}",
                "step 7",
            ):
                assert part in trace.text[7]


def test_a_method_looks_the_same_in_every_figure():
    adam = next(series for series in TEN.series if series.name.key == "optimizers.adam.title")
    alone, among = draw_chart(Chart("lines", TITLE, (adam,)), {}), draw_chart(LINES_OF_TEN, {})
    other = next(trace for trace in among.data if trace.name == "Adam")
    assert alone.data[0].line == other.line
    assert alone.data[0].marker.symbol == other.marker.symbol
    own = [Series(f"own {k}", (0.0,), (0.0,)) for k in range(6)]
    (place,) = line_numbers((adam,))
    assert line_numbers((own[0], adam, *own[1:])) == [0, place, *(k for k in range(1, 7) if k != place)]
    assert line_numbers((adam, adam)) == [0, 1]


def test_who_races_in_the_replay_has_the_color_there_in_every_figure():
    source = (Path(__file__).parents[3] / "src/soloneuron/view/source/colors.ts").read_text("utf-8")
    there = re.findall(r"#\w{6}", re.search(r"const MUTED = \[(.*?)\]", source, re.S)[1])
    racers = [Series(Phrase(f"optimizers.{name}.title"), (0.0,), (0.0,)) for name in RACERS]
    assert [LINE_COLORS[k] for k in line_numbers(racers)] == there[: len(RACERS)]
    assert line_numbers(racers)[:2] == [0, 1]
    assert set(METHODS) == set(palette.COLORED_METHODS)


def test_markers_and_colors_are_enough_for_ten_lines():
    assert len(set(LINE_COLORS)) == len(set(SYMBOLS)) == 10
    assert len(set(SOLID_SYMBOLS)) == 8


def test_in_a_race_every_mark_stands_where_its_path_is_at_that_step():
    figure = draw_chart(TEN, {})
    assert len(figure.frames) <= MOMENTS
    marks = [figure.data[k] for k in figure.frames[0].traces]
    assert [mark.name for mark in marks] == [series.name.say("en") for series in TEN.series]
    assert figure.frames[-1].name == "40"
    for frame in figure.frames:
        step = int(frame.name)
        places = [(mark.x[0], mark.y[0]) for mark in frame.data]
        assert places == [(series.x[step], series.y[step]) for series in TEN.series]


def test_who_has_stopped_stays_while_the_race_goes_on():
    short = Series("short", (0.0, 1.0), (0.0, 1.0), z=(1.0, 0.0), steps=(0, 5))
    chart = Chart("landscape", TITLE, (short, TEN.series[0]), "x", "y", log="z", grid=TEN.grid)
    last = draw_landscape(chart, {}, "en").frames[-1]
    assert (last.data[0].x[0], last.data[0].y[0]) == (1.0, 1.0)


def test_a_race_stores_each_path_once_and_moves_nothing_but_marks():
    """The slider's old way, whole paths in every stop, was twice the size of the figure."""
    figure = draw_chart(TEN, {})
    assert all(len(mark.x) == 1 for frame in figure.frames for mark in frame.data)


def test_a_race_is_worded_in_both_languages():
    buttons = [button.label for button in draw_chart(TEN, {}, "ru").layout.updatemenus[0].buttons]
    assert buttons == ["Пуск", "Пауза"]


def test_contours_outlive_a_moment_of_the_race():
    """Plotly takes away what is no part of a frame, unless it draws all anew."""
    layout = draw_chart(TEN, {}).layout
    moves = [step.args[1] for step in layout.sliders[0].steps]
    moves += [button.args[1] for button in layout.updatemenus[0].buttons]
    assert all(move["frame"]["redraw"] for move in moves)


def test_nothing_plays_by_itself():
    assert draw_chart(TEN, {}).layout.sliders[0].active == len(draw_chart(TEN, {}).frames) - 1


def test_a_landscape_without_steps_is_no_race():
    still = Chart("landscape", TITLE, (), "x", "y", grid=TEN.grid)
    assert not draw_chart(still, {}).frames
