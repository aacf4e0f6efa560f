"""``soloneuron play`` and ``soloneuron train --url`` in the terminal."""

import builtins

import pytest

from soloneuron.playground.link import read_link
from soloneuron.playground.session import Session

LINK = "data=xor&loss=nll&optimizers=adam:0.2,nag:0.01&batch=8&bias=1&step=25"


def test_a_link_gives_the_very_run_of_the_page(solo):
    told = solo("train", "--url", f"http://127.0.0.1:8642/?{LINK}", "--json").json
    session = Session(read_link(LINK))
    session.go(25)
    assert [runner["theta"] for runner in told["runners"]] == [
        runner.state.theta.tolist() for runner in session.race.runners
    ]
    assert told["step"] == 25


def test_a_link_without_a_step_goes_a_hundred(solo):
    assert solo("train", "--url", "data=xor", "--json").json["step"] == 100


def test_a_link_speaks_russian(solo):
    assert "доля верных" in solo("train", "--url", "step=3", "--lang", "ru").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--url", "data=moon"),
        ("train", "--url", "optimizers=adam:1e9"),
        ("train", "--url", "step=1", "-o", "model.json"),
        ("play", "--port", "0"),
        ("play", "--port", "http"),
        ("play", "--lang", "de"),
    ],
)
def test_nonsense_is_one_line_and_exit_code_two(refused, arguments):
    assert refused(*arguments)


def test_without_the_extra_the_way_to_get_it_is_told(refused, monkeypatch):
    real = builtins.__import__

    def missing(name, *rest, **more):
        if name == "soloneuron.playground.server":
            raise ModuleNotFoundError(name="starlette")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert "soloneuron[play]" in refused("play", "--no-open")
