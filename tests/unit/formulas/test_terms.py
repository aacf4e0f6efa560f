"""Further terms: what they are, how their columns are known again, and what one neuron learns by them."""

import math

import pytest
import torch

from soloneuron.formulas.terms import TERMS, terms_of, with_terms
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session

ENOUGH = 0.95
STEPS = 200


def test_every_term_is_what_its_name_says():
    row = with_terms(torch.tensor([[2.0, -0.5]], dtype=torch.float64), TERMS)[0].tolist()
    assert row == pytest.approx([2, -0.5, 4, 0.25, -1, math.sin(2), math.sin(-0.5)])


def test_other_columns_are_no_terms():
    rows = torch.tensor([[1.0, 2.0, 1.0], [3.0, 4.0, 9.0]])
    assert terms_of(rows, ["a", "b", "x1x1"]) == ("x1x1",)
    assert terms_of(rows[:, :2], ["a", "b"]) == ()
    for columns, names in ((3, ["a", "b", "c"]), (3, ["a", "b", "x2x2"]), (1, ["a"])):
        assert terms_of(rows[:, :columns], names) is None


@pytest.mark.parametrize(
    ("link", "learns"),
    [
        ("data=circles&terms=x1x1,x2x2&bias=1", True),
        ("data=circles&terms=x1x1,x2x2,x1x2&bias=1", True),
        ("data=circles&bias=1", False),
        ("data=xor&terms=x1x2", True),
        ("data=xor&terms=x1x1,x2x2,x1x2", True),
        ("data=xor&bias=1", False),
    ],
)
def test_one_neuron_learns_the_ring_and_xor_by_products_of_its_features_and_not_without(link, learns):
    session = Session(read_link(f"{link}&loss=nll&optimizers=adam:0.2&start=0.5,-0.5"))
    session.go(STEPS)
    assert (session.measures(0)["accuracy"] >= ENOUGH) == learns
