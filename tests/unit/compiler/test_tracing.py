"""The lines that belong to an Element do its work: run up to them and see the number appear."""

import re

import pytest
import torch

from soloneuron import Element
from soloneuron.compiler.backends.torch_memory import bind_function
from soloneuron.compiler.tracing import trace
from soloneuron.element.node import edges, topological_order
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import as_loss
from soloneuron.neuron import Neuron

NUMBERS = {"w₁": 0.31, "w₂": -0.83, "b": 0.17, "x₁": 1.37, "x₂": 0.59, "y": 0.3}
"""No two nodes of a graph come to the same number here."""


def traced(loss):
    leaves = [Element(value, name) for name, value in NUMBERS.items()]
    *theta, x1, x2, y = leaves
    made = Neuron(loss=as_loss(loss)).graph(theta, [x1, x2], y)
    made.backward()
    return made, trace(made, theta, [x1, x2, y])


def memory_before(found, line):
    """The values and gradients of one lane when the source has run up to a line."""
    kept = [
        text
        for number, text in enumerate(found.compiled.source.splitlines())
        if number < line or not re.match(r" {8}[a-z]", text)
    ]
    program = found.compiled.program
    values = torch.zeros(program.fixed, dtype=torch.float64)
    values[: program.parameters] = found.compiled.theta
    lanes = torch.full((program.rows, 1), torch.nan, dtype=torch.float64)
    for varying, a, b in program.ones:
        if varying:
            lanes[a:b] = 1
    samples = torch.tensor([NUMBERS[name] for name in ("x₁", "x₂", "y")], dtype=torch.float64)[:, None]
    lanes[: program.split] = samples[: program.split]
    lanes[program.split + 1 : program.inputs + 1] = samples[program.split :]
    slopes, lane_slopes = torch.full_like(values, torch.nan), torch.full_like(lanes, torch.nan)
    weight = torch.ones(1, 1, dtype=torch.float64)
    constants = [torch.from_numpy(array.copy()) for array in program.constants]
    text = "\n".join(kept).replace("def step():", "def step():\n        pass")

    def empty(*shape, dtype=torch.float64):
        return torch.empty(*shape, dtype=dtype)

    step, _ = bind_function(text, torch.float64)(
        values, slopes, lanes, lane_slopes, weight, constants, empty, 1
    )
    step()
    return lanes, lane_slopes


def heads(loss, lines):
    """The Elements whose lines end with their own number: those that read them have other lines."""
    computed, _ = topological_order(loss)
    inner = {x for node in computed for x, _ in edges(node) if lines.get(x) == lines[node]}
    return [x for x in computed if x not in inner]


def holds(memory, number):
    return bool((memory - number).abs().nan_to_num(1.0).min() < 1e-12)


@pytest.mark.parametrize("name", list(LOSSES))
def test_a_number_stands_in_memory_after_its_lines_and_not_before(name):
    loss, found = traced(name)
    for x in heads(loss, found.forward):
        lines = found.forward[x]
        if all(operand.data != x.data for operand, _ in edges(x)):
            assert not holds(memory_before(found, lines[0])[0], x.data), x
        assert holds(memory_before(found, lines[-1] + 1)[0], x.data), x


@pytest.mark.parametrize("name", list(LOSSES))
def test_a_gradient_stands_in_memory_before_the_lines_that_pass_it_on(name):
    loss, found = traced(name)
    # A gradient of 1 is the weight of the sample itself.
    passed = [x for x in heads(loss, found.backward) if found.backward[x] and x.grad != 1]
    assert any(x.label == "z" for x in passed)
    for x in passed:
        assert holds(memory_before(found, found.backward[x][0])[1], x.grad), x


@pytest.mark.parametrize("name", list(LOSSES))
def test_forward_lines_lie_above_backward_lines(name):
    _, found = traced(name)
    text = found.compiled.source.splitlines()
    border = next(i for i, line in enumerate(text) if line.strip() == "# backward")
    assert all(line < border for lines in found.forward.values() for line in lines)
    assert all(line > border for lines in found.backward.values() for line in lines)
    assert all(found.forward.values())


def test_what_several_read_has_the_lines_of_all_its_readers():
    x, w = Element(0.4, "x"), Element(0.7, "w")
    twice = 2 * w
    one, other = twice + x, twice * x
    found = trace(one.exp() + other.tanh(), [w], [x])
    assert set(found.forward[twice]) == {*found.forward[one], *found.forward[other]}
    assert set(found.forward[one]).isdisjoint(found.forward[other])
