"""The drawer's graph of one example: a sigma, a p, and the gradients of automatic differentiation."""

import math
import re

import pytest
import torch

from soloneuron.formulas.losses import as_loss
from soloneuron.view.losses import page_losses

PLACES = [
    ((1.0, 2.0), 1, (0.5, -0.5, 0.1)),
    ((-1.5, 0.25), 0, (2.0, 1.0, -3.0)),
    ((3.0, 1.0), 1, (-4.0, -2.0, 0.0)),
    ((3.0, 1.0, 9.0, math.sin(1.0)), 1, (-4.0, -2.0, 0.5, 1.5, 0.25)),
]
FAR = ((10.0, 10.0), 0, (6.0, 6.0, 0.0))
OF_MARGIN = ("hinge", "squared_hinge", "exponential")


def asked(page, loss, place, *, bias=True):
    x, y, theta = place
    exact = [torch.tensor(numbers, dtype=torch.float64) for numbers in (x, theta[: len(x) + bias])]
    question = {"loss": loss, "x": exact[0], "y": y, "bias": bias, "theta": exact[1]}
    return page.ask("detail", question)


@pytest.mark.parametrize("loss", page_losses())
@pytest.mark.parametrize("bias", [False, True])
def test_the_gradient_of_the_example_is_that_of_automatic_differentiation(page, loss, bias):
    for place in PLACES:
        x, y, theta = place
        found = asked(page, loss, place, bias=bias)["example"]
        weights = torch.tensor(theta[: len(x) + bias], dtype=torch.float64, requires_grad=True)
        row = torch.tensor([*x, *[1.0] * bias], dtype=torch.float64)
        with torch.enable_grad():
            as_loss(loss).value(row @ weights, torch.tensor(float(y), dtype=torch.float64)).backward()
        torch.testing.assert_close(
            torch.tensor(found, dtype=torch.float64), weights.grad, rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("loss", page_losses())
def test_every_box_is_filled_forwards_and_every_weight_backwards(page, loss):
    told = asked(page, loss, PLACES[0])
    texts = [[value, ""] for _, value in told["nodes"]]
    for stage in told["stages"]:
        for node, place, text in stage["fill"]:
            texts[node][place] = text
    names = [name for name, _ in told["nodes"]]
    assert all(value not in ("", "?") for value, _ in texts)
    assert all(texts[names.index(name)][1] for name in ("w₁", "w₂", "b", "x₁", "x₂"))
    middle = "m" if loss in OF_MARGIN else "p"
    assert middle in names
    assert told["svg"].count("<g ") == len(names)
    assert told["svg"].count("<path") == sum(map(len, EDGES[middle].values()))
    assert (">σ<" in told["svg"]) == (middle == "p")


EDGES = {
    "p": {"products": "wxwx", "z": "**b", "p": "z", "loss": "py"},
    "m": {"products": "wxwx", "z": "**b", "m": "zy", "loss": "m"},
}


def test_the_numbers_of_the_lesson_stand_in_the_graph(page):
    told = asked(page, "nll", ((1.0, 2.0), 1, (0.0, 0.0)), bias=False)
    said = {stage["fields"]["name"]: stage for stage in told["stages"] if stage["say"] == "passed"}
    assert said["loss"]["parts"] == [{"name": "p", "partial": "-2", "gradient": "-2"}]
    assert said["p"]["parts"] == [{"name": "z", "partial": "0.25", "gradient": "-0.5"}]
    assert told["example"] == [-0.5, -1.0]
    assert told["names"] == ["w₁", "w₂"]


def test_marked_lines_stand_in_the_code_and_every_computed_node_has_one(page):
    for loss in page_losses():
        told = asked(page, loss, PLACES[0])
        lines = told["source"].splitlines()
        for stage in told["stages"]:
            assert all(lines[line].strip() for line in stage["lines"])
            assert stage["lines"] or stage["say"] == "seed"


def test_no_sentence_of_a_stage_lacks_a_number(page):
    for loss in page_losses():
        told = asked(page, loss, PLACES[1])
        for language, sentences in told["said"].items():
            assert len(sentences) == len(told["stages"])
            assert not [one for one in sentences if re.search(r"–|undefined|NaN|inside\.|\{", one)], language


def test_a_saturated_neuron_keeps_its_gradient_where_p_has_rounded_to_one(page):
    told = asked(page, "nll", FAR)
    assert told["example"] == [10.0, 10.0, 1.0]
    assert dict(told["nodes"])["p"] == "?"
    told = asked(page, "mse", ((100.0, 100.0), 0, (600.0, 600.0, 0.0)))
    assert told["example"] == [0.0, 0.0, 0.0]


def test_one_number_of_a_rule_stands_for_all_coordinates(page):
    (line,) = asked(page, "nll", PLACES[0])["rule"]
    assert line["value"] == [0.5, 0.5, 0.5]
    assert line["filled"] == ["", "0.3 · 2", ""]
