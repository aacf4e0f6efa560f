"""What results show of themselves: short, escaped, in both languages, whatever they hold."""

import math
import re
import warnings

import pytest
import torch

from soloneuron import Element, compare, compile_graph, fit, load_model, load_run, minimize, sweep
from soloneuron.errors import ShapeError, UnknownNameError
from soloneuron.figures.catalogue import draw_chart
from soloneuron.figures.inline import Line, inline_curve
from soloneuron.figures.runs import run_charts
from soloneuron.records.dataset import Dataset
from soloneuron.texts.language import language

GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(60, 2, generator=GENERATOR, dtype=torch.float64)
Y = (X[:, 0] + X[:, 1] > 0.3).double()


@pytest.fixture(autouse=True)
def chosen(monkeypatch):
    monkeypatch.setattr("soloneuron.texts.language._chosen", ["en"])


def evil():
    return fit(Dataset(X, Y, ("<script>alert(1)</script>", "\x1b[31mred"), name="a<b>.csv"), epochs=3)


def everything():
    a = Element(2.0, "<a>")
    return {
        "run": fit(X, Y),
        "evil": evil(),
        "start": fit(X, Y, epochs=0),
        "one epoch": fit(X, Y, epochs=1),
        "overflow": fit(X * 1e200, Y, learning_rate=1e200, epochs=4),
        "many": fit(X, Y, learning_rate=torch.logspace(-2, 3, 1000)[:, None], epochs=5),
        "no steps": minimize("bowl", steps=0),
        "sweep": sweep(X, Y, learning_rate=[0.1, 1.0, 10.0], l2=[0.0, 0.1], epochs=5),
        "one sweep": sweep(X, Y, epochs=2),
        "words": sweep(X, Y, loss=["nll", "mse"], epochs=2),
        "path": minimize("rosenbrock", None, "adam", 30),
        "lost path": minimize("rosenbrock", steps=30),
        "paths": minimize("rosenbrock", torch.rand(5, 2, generator=GENERATOR), steps=3, learning_rate=1e-4),
        "comparison": compare("ravine", ["momentum", "adam"], budget=40),
        "nobody": compare("rosenbrock", ["gradient_descent"], budget=1, seeds=2),
        "model": fit(X, Y).model(),
        "compiled": compile_graph((a - 1) ** 2, [a]),
    }


def test_a_view_is_short_and_holds_no_script_and_no_tensor():
    for name, result in everything().items():
        for words in ("en", "ru"):
            language(words)
            shown = result._repr_html_()
            assert len(shown) < 12_000, name
            assert f'lang="{words}"' in shown, name
            assert "<script" not in shown, name
            assert "tensor(" not in shown, name
            assert not re.search(r"\bNone\b", shown), name
            assert bool(re.search("[а-я]", shown)) == (words == "ru"), name


def test_a_summary_has_no_control_characters():
    for name, result in everything().items():
        if hasattr(result, "summary"):
            assert all(line.isprintable() for line in result.summary().split("\n")), name


def test_a_view_says_how_it_ended_and_what_came_of_it():
    shown = fit(X, Y).summary()
    assert "All 100 epochs done." in shown
    assert re.search(r"optimizer +gradient_descent, 0.1\n", shown)
    assert re.search(r"loss +0.6931 → 0\.\d{4}\n", shown)
    assert "no epoch was finished" in fit(X, Y, epochs=0).summary()
    assert "Overflow in epoch 1" in everything()["overflow"].summary()
    assert "1000 runs" in everything()["many"].summary()


def test_figures_are_drawn_by_name():
    run = fit(X, Y, epochs=5)
    assert len(run.plot().data) == 1
    assert run.plot("landscape").data
    many = fit(X, Y, learning_rate=torch.ones(50, 1), epochs=5)
    assert [trace.fill for trace in many.plot().data] == ["toself", None]
    assert len(minimize("rosenbrock", steps=2).plot("points").data) == 1
    found = compare("ravine", ["momentum", "adam"], budget=30, seeds=4)
    assert [len(found.plot(name).data) for name in ("profile", "targets", "rates", "tuning")] == [2] * 4
    assert len(sweep(X, Y, learning_rate=[0.1, 1.0], l2=[0.0, 0.1], epochs=2).plot("accuracy").data) == 2
    with pytest.raises(UnknownNameError, match="choose from gradients"):
        run.plot("loss curve of them all")


def test_charts_take_what_fit_returned():
    runs = {"a": fit(X, Y, epochs=2), "b": fit(X, Y, epochs=3)}
    charts = run_charts(runs)
    assert draw_chart(charts["losses"], runs).data
    assert [series.name for series in charts["losses"].series] == ["a", "b"]


def test_a_replay_plays_in_a_frame_that_sees_nothing_of_the_notebook(tmp_path):
    replay = fit(X, Y, epochs=3).replay()
    shown = replay._repr_html_()
    assert shown.count("<iframe") == 1
    assert 'sandbox="allow-scripts"' in shown
    assert "<script" not in shown
    assert "race.html" in shown
    replay.save(tmp_path / "race.html")
    assert (tmp_path / "race.html").read_text(encoding="utf-8") == replay.html
    assert len(repr(replay)) < 40
    with pytest.raises(ShapeError):
        fit(X, Y, learning_rate=torch.ones(2, 1), epochs=1).replay()


def test_what_was_loaded_shows_itself_like_what_was_trained(tmp_path):
    run = fit(X, Y, epochs=3)
    run.save(tmp_path / "run.json")
    run.model().save(tmp_path / "model.json")
    assert load_run(tmp_path / "run.json")._repr_html_() == run._repr_html_()
    assert load_model(tmp_path / "model.json").summary() == run.model().summary()


def test_a_graph_is_drawn_however_large_it_is():
    a = Element(2.0, "a")
    assert (a * a)._repr_svg_().startswith("<svg")
    for _ in range(400):
        a = a + 1
    assert a._repr_svg_().startswith("<svg")


@pytest.mark.parametrize(
    ("values", "pieces"),
    [
        ([1.0, 2.0, 3.0], 1),
        ([1.0, math.nan, 3.0, 4.0], 2),
        ([math.inf, 2.0, -math.inf], 1),
        ([math.nan], 0),
        ([], 0),
        ([1e308, -1e308], 1),
        ([0.0] * 100_000, 1),
        ([5.0], 1),
    ],
)
def test_a_curve_has_gaps_where_numbers_are_not_finite_and_stays_small(values, pieces):
    drawn = inline_curve([Line(range(len(values)), values)], x="epoch", title="loss") if values else ""
    assert drawn.count("<polyline") == pieces
    assert "nan" not in drawn
    assert "inf" not in drawn
    assert len(drawn) < 6_000


def test_a_long_curve_keeps_its_peaks():
    values = [0.0] * 100_000
    values[54_321] = 7.0
    drawn = inline_curve([Line(range(100_000), values)], x="epoch", title="loss")
    heights = {point.split(",")[1] for point in re.search('points="([^"]*)"', drawn)[1].split()}
    assert len(heights) == 2


def test_a_bar_is_shown_on_request_and_taken_away(monkeypatch):
    monkeypatch.setattr("soloneuron.progress.PATIENCE", 0.0)
    ticks = []
    monkeypatch.setattr("soloneuron.progress.Ticker.tick", lambda _, *tick: ticks.append(tick))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(X, Y, epochs=5)
        assert ticks == []
        fit(X, Y, epochs=5, progress=True)
    assert ticks[-1][0] == 5
    assert 0 < ticks[-1][1] < 1
