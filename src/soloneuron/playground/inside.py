"""Inside one step: the graph of one example, the rule with the step's numbers, and the compiled code."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from soloneuron.compiler.tracing import Trace, trace
from soloneuron.element.element import Element
from soloneuron.element.graph import walk
from soloneuron.element.picture import Picture, gradients, node_texts, number_text, operation_text
from soloneuron.optimizers.letters import Letter, letters
from soloneuron.playground.config import refused
from soloneuron.playground.session import Session
from soloneuron.training.walk import Look, look


@dataclass(frozen=True)
class Inside:
    """One update of a runner, and one example of its batch.

    Attributes:
        look: the update, taken apart.
        names: of the coordinates of theta.
        theta: the coordinates as Elements, at the point where the gradient was taken; their ``grad`` is the
            gradient of the example's loss alone.
        loss: the loss of the example, after ``backward``.
        trace: the compiled graph, for which features and label are inputs.
        letters: the rule with the numbers of the update.
    """

    look: Look
    names: tuple[str, ...]
    theta: tuple[Element, ...]
    loss: Element
    trace: Trace
    letters: tuple[Letter, ...]


def look_inside(session: Session, runner: int, row: int) -> Inside:
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
        raise refused("inside.runner", runner=runner, most=len(runners) - 1)
    plan = runners[runner].plan
    shown = max(1, min(session.position, runners[runner].place.update))
    seen = look(plan, session.place(runner, shown - 1))
    if not 0 <= row < len(seen.rows):
        raise refused("inside.row", row=row, most=len(seen.rows) - 1)
    features = len(seen.batch.features[row])
    names = tuple(f"w{_low(i)}" for i in range(1, features + 1)) + ("b",) * plan.neuron.bias
    theta = _leaves(seen.point, names)
    x = _leaves(seen.batch.features[row], [f"x{_low(i)}" for i in range(1, features + 1)])
    y = Element(seen.batch.labels[row].item(), "y")
    loss = plan.neuron.graph(theta, x, y)
    loss.backward()
    rule, before, after = plan.optimizer, seen.before, seen.after
    told = letters(rule, before.theta, seen.gradient, before.memory, after.memory)
    return Inside(seen, names, theta, loss, trace(loss, theta, [*x, y]), tuple(told))


def inside(session: Session, runner: int, row: int) -> dict[str, Any]:
    """What ``look_inside`` finds, as a page draws it.

    Args:
        session: at some step.
        runner: its number, from 0.
        row: an example of the update's batch, from 0.

    Returns:
        JSON-able, a number that is not finite as None: ``step``, ``coming`` and ``lost`` say which update it
        is, ``row``, ``number`` and ``size`` which example of how many; then the graph with both sweeps, the
        source, the rule, and the gradients of step, example and compiled code.

    Raises:
        InputError: no such runner, or no such example.
    """
    found = look_inside(session, runner, row)
    seen, plan = found.look, session.race.runners[runner].plan
    compiled = found.trace.compiled
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
                "filled": letter.filled,
                "value": _numbers(letter.value.expand(len(found.names))),
            }
            for letter in found.letters
        ],
        "theta": _numbers(seen.before.theta),
        "after": _numbers(seen.after.theta),
        "gradient": _numbers(seen.gradient),
        "example": [_number(float(element.grad)) for element in found.theta],
        "compiled": _numbers(compiled.value_and_gradient(seen.point, seen.batch)[1]),
    }


def _graph(found: Inside) -> dict[str, Any]:
    """Nodes and edges with their places, and both sweeps one node at a time."""
    picture = Picture.of(found.loss)
    number = {node: i for i, node in enumerate(picture.nodes)}
    sweep: list[tuple[int, list[tuple[int, str]]]] = []
    texts = [[*node_texts(node, {node: node.grad})] for node in picture.nodes]
    for node, grads in gradients(found.loss):
        fresh = node._prev if sweep else (node,)
        sweep.append((number[node], [(number[x], number_text(grads[x])) for x in fresh]))
        for x in fresh:
            texts[number[x]].append(node_texts(x, grads)[1])
    places = picture.places(texts)
    forward, backward = found.trace.forward, found.trace.backward
    return {
        "width": places.width,
        "height": places.height,
        "nodes": [
            {
                "left": box.left, "top": box.top, "width": box.width, "pill": box.pill,
                "operation": operation_text(node), "name": node.label or "", "value": number_text(node.data),
                "forward": forward.get(node, ()), "backward": backward.get(node, ()),
            }
            for node, box in zip(picture.nodes, places.boxes, strict=True)
        ],
        "curves": [
            {
                "operand": curve.operand, "result": curve.result, "path": curve.path,
                "partial": number_text(curve.partial),
            }
            for curve in places.curves
        ],
        "forward": [number[node] for node in walk(found.loss)[0]],
        "backward": sweep,
    }  # fmt: skip


def _leaves(numbers: Tensor, names: Iterable[str]) -> tuple[Element, ...]:
    return tuple(Element(value, name) for value, name in zip(numbers.tolist(), names, strict=True))


def _numbers(values: Tensor) -> list[float | None]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _low(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
