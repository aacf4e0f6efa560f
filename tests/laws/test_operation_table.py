"""An operation is one entry in one table: these laws find what was forgotten."""

import math

import pytest
import torch

from soloneuron import compile_graph
from soloneuron.element import Element, gradcheck, parse_expression
from soloneuron.element.operations import OPERATIONS

AT = {"log1p": 0.3, "sqrt": 0.7}
INTERNAL = {"step", "clamp_min", "clamp_max", "where>", "where>=", "/", "**"}
"""Entries that are written otherwise than by their name."""

UNARY = [name for name, entry in OPERATIONS.items() if entry.value is not None]
GRAPHS = {
    **{name: lambda x, y, name=name: getattr(x, name)() * y for name in UNARY},
    "relu": lambda x, y: x.relu() * y,
    "leaky_relu": lambda x, y: x.leaky_relu(0.2) * y,
    "abs": lambda x, y: abs(x) * y,
    "clamp_min": lambda x, y: x.clamp(low=0.1) * y,
    "clamp_max": lambda x, y: x.clamp(high=0.9) * y,
    "maximum": lambda x, y: x.maximum(y) + x.maximum(0.4),
    "minimum": lambda x, y: x.minimum(y) + x.minimum(0.4),
    "atan2": lambda x, y: x.atan2(y) + x.atan2(0.3),
    "/": lambda x, y: x / y + 2 / x,
    "**": lambda x, y: x**y + x**1.5 + 1.7**x,
    "where>": lambda x, y: x * (x > y) + y * (x > 0.5),
    "where>=": lambda x, y: x * (x >= y) + y * (x >= 0.5),
}


def test_every_operation_of_the_table_is_covered_by_these_laws():
    assert set(GRAPHS) == set(OPERATIONS)


@pytest.mark.parametrize("name", UNARY)
def test_an_operation_of_one_number_is_a_method_and_a_function_of_expressions(name):
    x = Element(AT.get(name, 0.4))
    y = getattr(x, name)()
    assert y._op == name
    assert parse_expression(f"{name}(a)", {"a": x.data}).data == y.data
    assert OPERATIONS[name].about.endswith(".")
    assert getattr(Element, name).__doc__ == OPERATIONS[name].about


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("point", [(0.7, 0.2), (0.3, 0.8), (0.6, 0.6)])
def test_both_texts_of_an_operation_are_its_rule(name, point):
    x, y = map(Element, point)
    loss = GRAPHS[name](x, y).tanh()
    loss.backward()
    for backend in ("torch", "scalar"):
        for dtype, tolerance in ((torch.float64, 1e-12), (torch.float32, 1e-5)):
            f = compile_graph(loss, [x, y], backend=backend, dtype=dtype)
            assert math.isclose(f(), loss.data, rel_tol=tolerance), (backend, dtype)
            got = [round(g, 14) for g in f.gradient.tolist()]
            assert got == pytest.approx([x.grad, y.grad], rel=tolerance * 10, abs=tolerance), (backend, dtype)
    if point[0] != point[1]:
        assert gradcheck(lambda a, b: GRAPHS[name](a, b).tanh(), point).passed
