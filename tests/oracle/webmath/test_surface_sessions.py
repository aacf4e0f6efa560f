"""Races on surfaces are Python's: ways, sentences, links, rates to begin with, and the code that is copied."""

import pytest
import torch

from rounding import nudged
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.changes import play
from soloneuron.playing.config import default_rate
from soloneuron.playing.judgement import status
from soloneuron.playing.link import link_at, read_link, write_link
from soloneuron.playing.session import Session

WALKS = 1e-9
"""What whole walks agree to."""

UPDATES = 300
HALVES = [",".join(list(OPTIMIZERS)[half::2]) for half in (0, 1)]


def test_every_method_begins_with_the_rate_of_the_catalogue(page):
    for name in OPTIMIZERS:
        wanted = {surface: default_rate(name, surface) for surface in SURFACES}
        assert page.ask("rates", name) == wanted


STEPS = (0, 1, 7, 40, 150)


@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_said_of_a_race_is_what_python_says(page, surface):
    for step in STEPS:
        link = f"surface={surface}&step={step}"
        session = Session(read_link(link))
        session.go(step)
        found, wanted = page.ask("seen", link), status(session)
        assert found["link"] == write_link(session.config)
        assert found["window"] == list(session.landscape.window)
        for one, other in zip(found["runners"], wanted["runners"], strict=True):
            assert (one["code"], one["beside"], one["reached"]) == (other["code"], other["beside"], other["reached"])
            for name, value in other["fields"].items():
                if value is None or isinstance(value, int):
                    assert one["fields"][name] == value, name
                else:
                    assert abs(one["fields"][name] - value) <= 1e-7 * max(1, abs(value)), name


def way(config):
    """Of every runner its theta at each step, up to where it leaves all numbers."""
    session = Session(config)
    session.go(config.step)
    return torch.stack([table[:, :2] for table in session.tables], 1)


@pytest.mark.parametrize("surface", SURFACES)
def test_x(page, surface):
    for names in HALVES:
        link = f"surface={surface}&optimizers={names}&step={UPDATES}"
        found = page.ask("paths", link)
        wanted = way(read_link(link))
        from dataclasses import replace
        c = read_link(link)
        other = way(replace(c, start=tuple(w*(1+1e-15)+1e-16 for w in c.start)))
        for i, name in enumerate(names.split(",")):
            d = float((found[i].view(-1, 2) - wanted[i]).abs().max() / wanted[i].abs().max())
            o = float((other[i] - wanted[i]).abs().max() / wanted[i].abs().max())
            if not d <= 1e-9: print(surface, name, d, o)
