"""Inside one step: the graph of one example, the rule with the step's numbers, and the compiled code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from soloneuron.compiler.tracing import Trace, trace
from soloneuron.element.drawing import bare_svg
from soloneuron.element.element import Element
from soloneuron.element.node import Node, edges, topological_order
from soloneuron.element.picture import Picture, gradients, number_text, operation_text
from soloneuron.optimizers.formula_trace import FormulaLine, trace_formula
from soloneuron.playground.refusals import playground_error
from soloneuron.playground.session import Session
from soloneuron.shapes import Gradient
from soloneuron.training.stepping import UpdateDetail, update_detail


@dataclass(frozen=True)
class Inside:
    """One update of a runner, and one example of its batch.

    Attributes:
        detail: the update, taken apart.
        names: of the coordinates of theta.
        theta: the coordinates as Elements, at the point where the gradient was taken; their ``grad`` is the
            gradient of the example's loss alone.
        loss: the loss of the example, after ``backward``.
        trace: the compiled graph, for which features and label are inputs.
        formula_trace: the rule with the numbers of the update.
        penalty: what the penalty adds to the gradient of the update, or None without one.
    """

    detail: UpdateDetail
    names: tuple[str, ...]
    theta: tuple[Element, ...]
    loss: Element
    trace: Trace
    formula_trace: tuple[FormulaLine, ...]
    penalty: Gradient | None


def inspect_update(session: Session, runner: int, row: int) -> Inside:
    """Take the shown update of a runner apart.

    Shown is the update that led to the step where the session stands; at the start, the one that comes
    next; for a runner that has left all numbers, the last one that it kept.

    Args:
        session: at some step.
        runner: its number, from 0.
        row: an example of the update's batch, from 0.

    Returns:
        What is inside.

    Raises:
        InputError: no such runner, or no such example.
    """
    runners = session.race.runners
    if not 0 <= runner < len(runners):
        raise playground_error("inside.runner", runner=runner, most=len(runners) - 1)
    plan, neuron = runners[runner].plan, runners[runner].neuron
    shown = max(1, min(session.position, runners[runner].state.update))
    seen = update_detail(plan, session.state_at(runner, shown - 1))
    if not 0 <= row < len(seen.rows):
        raise playground_error("inside.row", row=row, most=len(seen.rows) - 1)
    features = len(seen.batch.features[row])
    names = tuple(f"w{_low(i)}" for i in range(1, features + 1)) + ("b",) * neuron.bias
    theta = _leaves(seen.point, names)
    x = _leaves(seen.batch.features[row], [f"x{_low(i)}" for i in range(1, features + 1)])
    y = Element(seen.batch.labels[row].item(), "y")
    loss = neuron.graph(theta, x, y)
    loss.backward()
    rule, before, after = plan.optimizer, seen.before, seen.after
    assert before.memory is not None, "the first state holds what the rule begins with"
    assert after.memory is not None, "an update leaves what the rule remembers"
    lines = trace_formula(rule, before.theta, seen.gradient, before.memory, after.memory)
    penalty = None
    if neuron.penalty is not None:
        bare = replace(neuron, penalty=None)
        penalty = seen.gradient - bare.value_and_gradient(seen.point, seen.batch)[1]
    return Inside(seen, names, theta, loss, trace(loss, theta, [*x, y]), tuple(lines), penalty)


def inside_json(session: Session, runner: int, row: int) -> dict[str, Any]:
    """What ``inspect_update`` finds, as a page draws it.

    Args:
        session: at some step.
        runner: its number, from 0.
        row: an example of the update's batch, from 0.

    Returns:
        JSON-able, a number that is not finite as None: ``step``, ``coming`` and ``lost`` say which update it
        is, ``row``, ``number`` and ``size`` which example of how many; then the graph with both sweeps, the
        source, the rule, and the gradients of step, example, penalty and compiled code (with the penalty's).

    Raises:
        InputError: no such runner, or no such example.
    """
    found = inspect_update(session, runner, row)
    seen, plan = found.detail, session.race.runners[runner].plan
    compiled = found.trace.compiled
    code = compiled.value_and_gradient(seen.point, seen.batch)[1]
    return {
        "runner": runner,
        "step": seen.before.update + 1,
        "coming": session.position == 0,
        "lost": session.race.runners[runner].lost and session.position > seen.before.update + 1,
        "row": row,
        "size": len(seen.rows),
        "number": int(seen.rows[row]),
        "names": found.names,
        "elsewhere": plan.optimizer.needs == "gradient at its point",
        **_graph(found),
        "source": compiled.source,
        "rule": [
            {
                "name": letter.name,
                "formula": letter.formula,
                "filled": ["" if filled == letter.formula else filled for filled in letter.filled],
                "value": _numbers(letter.value.expand(len(found.names))),
            }
            for letter in found.formula_trace
        ],
        "theta": _numbers(seen.before.theta),
        "after": _numbers(seen.after.theta),
        "gradient": _numbers(seen.gradient),
        "example": [_number(float(element.grad)) for element in found.theta],
        "penalty": None if found.penalty is None else _numbers(found.penalty),
        "compiled": _numbers(code if found.penalty is None else code + found.penalty),
    }


def _graph(found: Inside) -> dict[str, Any]:
    """The picture, and the stages that fill it: forward, then backward, one node at a time.

    A stage says which node it is about, which sentence tells it with which numbers, which lines of the code
    do it, and which texts change: (node, 0 for its value or 1 for its gradient, text).
    """
    picture = Picture.of(found.loss)
    number = {node: i for i, node in enumerate(picture.nodes)}
    stages = [*_forward(found, number), *_backward(found, number)]
    texts: list[list[str]] = [["?"] for _ in picture.nodes]
    for stage in stages:
        for node, _, text in stage["fill"]:
            texts[node].append(f"{_called(picture.nodes[node])} = {text}")
    names = [node.label or "" for node in picture.nodes]
    given = [number_text(node.data) if not node._prev else "?" for node in picture.nodes]
    return {"svg": bare_svg(picture, texts), "nodes": list(zip(names, given, strict=True)), "stages": stages}


def _forward(found: Inside, number: dict[Node, int]) -> Iterator[dict[str, Any]]:
    computed, _ = topological_order(found.loss)
    for k, node in enumerate(computed, 1):
        value = number_text(node.data)
        fields = {"k": k, "n": len(computed), "name": _called(node), "value": value}
        yield {
            "node": number[node],
            "say": "computed",
            "fields": {**fields, "from": ", ".join(map(_called, node._prev))},
            "parts": [],
            "lines": found.trace.forward[node],
            "fill": [(number[node], 0, value)],
        }


def _backward(found: Inside, number: dict[Node, int]) -> Iterator[dict[str, Any]]:
    for k, (node, grads) in enumerate(gradients(found.loss)):
        passed = k > 0
        fresh = node._prev if passed else (node,)
        partials = dict(edges(node))
        yield {
            "node": number[node],
            "say": "passed" if passed else "seed",
            "fields": {"k": k, "n": len(found.trace.forward), "name": _called(node)},
            "parts": [
                {"name": _called(x), "partial": number_text(partials[x]), "gradient": number_text(grads[x])}
                for x in fresh * passed
            ],
            "lines": found.trace.backward[node] if passed else (),
            "fill": [(number[x], 1, number_text(grads[x])) for x in fresh],
        }


def _called(node: Node) -> str:
    """A node by its name, or by its operation."""
    return node.label or f"({operation_text(node)})"


def _leaves(numbers: Tensor, names: Iterable[str]) -> tuple[Element, ...]:
    return tuple(Element(value, name) for value, name in zip(numbers.tolist(), names, strict=True))


def _numbers(values: Tensor) -> list[float | None]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _low(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
