"""The page for a notebook: somebody's rows and settings, in a frame that sees nothing of the notebook."""

import html
import re

import pandas as pd
import pytest
import torch

from soloneuron import InputError, ShapeError, playground
from soloneuron.playing.link import read_link
from soloneuron.playing.race import make_data

X = [[160.0, 50.0], [180.0, 90.0], [170.0, 60.0], [175.0, 80.0]]
Y = ["no", "yes", "no", "yes"]


def test_rows_and_settings_are_the_link_that_the_page_opens_with():
    frame = playground(
        X, Y, loss="nll", optimizers={"adam": 0.2, "nag": 0.05}, batch=1, bias=True, lock=["data"],
        terms=["x1x2", "x1x1"],
    )  # fmt: skip
    config = read_link(frame.link)
    assert [point.label for point in config.points] == [0, 1, 0, 1]
    columns = torch.tensor([[point.x1, point.x2] for point in config.points])
    assert columns.mean(0).abs().max() < 1e-3
    assert (columns.std(0, correction=0) - 1).abs().max() < 1e-3
    assert [tuple(entry) for entry in config.optimizers] == [("adam", 0.2, ()), ("nag", 0.05, ())]
    assert (config.loss, config.batch, config.bias) == (("nll",), 1, True)
    assert config.terms == ("x1x1", "x1x2")
    assert html.unescape(re.search('data-link="([^"]*)"', frame.html)[1]) == frame.link


def test_the_names_of_a_table_s_columns_stand_in_the_link_short_and_without_commas():
    table = pd.DataFrame(X, columns=["height,\n cm", "a weight that nobody can write in thirty letters"])
    config = read_link(playground(table, Y).link)
    assert config.names == ("height cm", "a weight that nobody can write")
    assert make_data(config).feature_names == config.names
    assert read_link(playground(pd.DataFrame(X, columns=[0, 1]), Y).link).names == ()
    assert read_link(playground(pd.DataFrame(X, columns=[" ", "b"]), Y).link).names == ()


def test_many_rows_are_drawn_by_chance_which_is_told_and_the_same_every_time():
    rows = torch.randn(3000, 2, generator=torch.Generator().manual_seed(3))
    frame = playground(rows, (rows[:, 0] > 0).int())
    assert len(read_link(frame.link).points) == 2000
    assert "2,000 of 3,000 rows" in frame._repr_html_()
    assert frame.link == playground(rows, (rows[:, 0] > 0).int()).link


def test_the_frame_may_run_its_script_and_sees_nothing_of_the_notebook(tmp_path):
    frame = playground()
    shown = frame._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in shown
    assert html.unescape(shown).count(frame.html) == 1
    assert "not trusted" in shown
    frame.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == frame.html
    assert len(repr(frame)) < 40


def test_it_speaks_the_language_of_the_session(monkeypatch):
    monkeypatch.setattr("soloneuron.playing.frame.language", lambda: "ru")
    assert 'data-language="ru"' in playground().html
    assert "доверенный" in playground()._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "settings", "fault", "told"),
    [
        (([[1.0], [2.0]], [0, 1]), {}, ShapeError, "two columns, got 1"),
        ((X, None), {}, InputError, "both"),
        ((X, [0, 0, 0, 0]), {}, InputError, "both classes"),
        ((X, ["a", "b", "c", "a"]), {}, InputError, "c"),
        ((X, [0, 1]), {}, ShapeError, "2"),
        ((X, Y), {"epochs": 5}, InputError, "epochs"),
        ((X, Y), {"optimizers": "sgdx"}, InputError, "sgdx"),
        (
            (X, Y),
            {"optimizers": {"adam": "fast"}},
            InputError,
            "rate must be a number from 1e-06 to 1e+06, got fast",
        ),
        ((X, Y), {"optimizers": {"adam": object}}, InputError, "got <class 'object'>"),
        ((X, Y), {"seed": 10**400}, InputError, "seed must be a whole number"),
        ((X, Y), {"loss": "a&b=c"}, InputError, "a&b=c"),
        ((X, Y), {"hide": ["weather"]}, InputError, "weather"),
    ],
)
def test_what_the_page_cannot_show_is_refused_with_what_came(arguments, settings, fault, told):
    with pytest.raises(fault, match=re.escape(told)):
        playground(*arguments, **settings)


def test_numbers_of_torch_are_numbers():
    start, rate = torch.tensor([0.5, -1.0]), torch.tensor(0.25)
    config = read_link(playground(start=start, optimizers={"adam": rate}, seed=torch.tensor(3)).link)
    assert (config.start, config.optimizers[0].rate, config.seed) == ((0.5, -1.0), 0.25, 3)
