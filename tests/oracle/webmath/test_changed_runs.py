"""A run in which something changes is the same run in the page and in ``soloneuron train --url``."""

import json

import pytest
import torch

from soloneuron.cli import main
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.changes import play
from soloneuron.playing.config import default_rate
from soloneuron.playing.hyperparameters import number_ranges
from soloneuron.playing.link import read_link


def other(_, most, usual):
    """A number that is not the usual one, where a run stays a run."""
    return usual / 2 + 0.3 if 0.5 < most <= 1 else min(usual * 1.5, most / 2) if usual else 0.01


SOME = [name for name in OPTIMIZERS if name != "newton"][:24]
MANY = ",".join(SOME)
SLOWER = ",".join(f"{name}:0.01" for name in SOME if name != "adadelta")
OWN = ",".join(
    f"{name}:{default_rate(name) / 2:g}:"
    + ":".join(f"{key}={other(*ends)!r}" for key, ends in numbers.items())
    for name in SOME
    if (numbers := number_ranges(name))
)
BASE = "start=1,1&optimizers=momentum:0.1,adam:0.1,nag:0.1,rprop:0.1"
ALL = "terms=x1x1,x2x2,x1x2,sinx1,sinx2"
LINKS = {
    "another rate": f"loss=nll&start=-1,2&optimizers={MANY}&40.optimizers={SLOWER}",
    "other numbers": f"loss=nll&start=-1,2&optimizers={OWN}",
    "other numbers from a step on": f"loss=nll&start=-1,2&optimizers={MANY}&40.optimizers={OWN}"
    f"&70.optimizers={MANY}",
    "a momentum that comes and goes": "optimizers=rmsprop,momentum&9.optimizers=rmsprop:0.1:momentum=0.5,"
    "momentum:0.1:dampening=0.5&50.optimizers=rmsprop,momentum:0.1:momentum=0",
    "another batch": f"{BASE}&loss=nll&batch=8&seed=4&33.batch=32&50.batch=all&70.batch=1",
    "another loss": f"{BASE}&loss=nll&30.loss=mse&60.loss=mse,hinge",
    "losses that change places": f"{BASE}&loss=nll,mse&30.loss=mse,nll&60.loss=focal,nll",
    "another optimizer": f"{BASE}&30.optimizers=nesterov:0.1,adam:0.1,lion:0.05&60.optimizers=lbfgs,rmsprop",
    "a penalty": f"{BASE}&bias=1&data=separable&30.l2=0.1&60.l2=0",
    "points added and taken away": f"{BASE}&batch=8&30.add=4,4,0;5,5,0;6,6,0&45.drop=0,7,300&60.add=-3,1,1",
    "noise, and points set by hand": f"{BASE}&batch=8&noise=0.3&30.add=4,4,0;5,5,0&30.drop=2&50.noise=1"
    "&60.drop=299,300&70.noise=0&80.seed=2",
    "another seed": f"{BASE}&batch=1&30.seed=9&60.data=xor&75.data=assignment",
    "own points": "data=own&points=1,2,0;2,3,1;0,1,1&optimizers=adam,nag&30.points=1,2,0;2,3,1&40.noise=0.5"
    "&50.seed=1&60.data=rare",
    "further terms and rows held back": f"{BASE}&data=circles&terms=x1x1,x1x2,sinx2&test=0.3&noise=0.2&bias=1"
    "&30.add=1,2,0&50.drop=0,299",
    "rows held back": f"{BASE}&data=iris&batch=8&bias=1&l2=0.1&test=0.3&30.noise=0.5&60.loss=mse",
    "edits of rows of which some are held back": f"{BASE}&test=0.2&batch=8&seed=3"
    "&30.drop=0,7,59,60,299&30.add=4,4,0&50.drop=0,294,295&60.seed=4&75.data=tumors",
    "all that is held back is taken away": "data=own&points=1,2,0;2,3,1;0,1,1;3,0,0&test=0.5"
    "&optimizers=adam,nag&20.add=1,1,0;2,0,1&40.drop=0&60.drop=0",
    "further terms": f"{BASE}&data=circles&{ALL}&bias=1&l2=0.01&batch=8&loss=nll,mse&30.add=0.5,1.5,0"
    "&50.drop=0,300&70.data=xor",
    "every optimizer on further terms": f"loss=nll&data=xor&{ALL}&start=-1,2&optimizers={MANY}",
    "all at once": f"{BASE}&batch=8&0.loss=mse&20.batch=1&20.l2=0.01&20.optimizers=adam,asgd:1&20.add=1,0,1",
}
STEPS = 90
MANY_RUNNERS = (
    "another rate",
    "other numbers",
    "other numbers from a step on",
    "every optimizer on further terms",
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in MANY_RUNNERS else ()) for name in LINKS]
)
def test_the_page_ends_at_the_numbers_of_python(page, name):
    link = f"{LINKS[name]}&step={STEPS}"
    race = play(read_link(link))
    found = page.ask("run", link)
    assert len(found) == len(race.runners)
    for told, runner, numbers in zip(found, race.runners, race.table(), strict=True):
        value, gradient, accuracy, _, rows, lost = numbers[-6:].tolist()
        said = f"{name}: {runner.entry.name} on {runner.loss}"
        assert (told["optimizer"], told["loss"], told["rate"]) == (
            runner.entry.name,
            runner.loss,
            runner.entry.rate,
        )
        torch.testing.assert_close(
            told["theta"], runner.state.theta, rtol=1e-9, atol=1e-11, msg=lambda m, s=said: f"{s} {m}"
        )
        assert told["value"] == pytest.approx(value, rel=1e-9, abs=1e-12), said
        assert told["gradient"] == pytest.approx(gradient, rel=1e-7, abs=1e-9), said
        assert (told["accuracy"], told["lost"], told["rows"]) == (accuracy, lost, rows), said
    for told, held in zip(found, race.test_table(), strict=True):
        assert told["shown"] == told["test"]
        assert (told["test"] is None) == (race.test is None)
        if race.test is not None:
            assert told["test"] == pytest.approx(held.tolist(), rel=1e-9, abs=1e-12)


def test_the_command_line_says_both_losses_as_the_page_shows_them(page, capsys):
    link = f"{LINKS['rows held back']}&step={STEPS}"
    assert main(["train", "--url", link, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["runners"]
    for mine, own in zip(page.ask("run", link), told, strict=True):
        assert mine["test"] == pytest.approx([own["test_loss"], own["test_accuracy"]], rel=1e-9)


def test_the_command_line_says_what_the_page_shows(page, capsys):
    link = f"{LINKS['all at once']}&step={STEPS}"
    assert main(["train", "--url", link, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["step"] == STEPS
    for mine, own in zip(page.ask("run", link), told["runners"], strict=True):
        assert mine["value"] == pytest.approx(own["loss_value"], rel=1e-9)
        assert mine["theta"].tolist() == pytest.approx(own["theta"], rel=1e-9)
