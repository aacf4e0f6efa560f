"""Inside one step: the graph of one example, the rule with the step's numbers, and the compiled code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from torch import Tensor

from soloneuron.compiler.tracing import Trace, trace
from soloneuron.element.element import Element
from soloneuron.formulas.terms import TERMS
from soloneuron.optimizers.formula_trace import FormulaLine, trace_formula
from soloneuron.playing.refusals import playground_error
from soloneuron.playing.session import Session
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
        InputError: no such runner, no such example, or a surface, which has none.
    """
    if session.config.surface:
        raise playground_error("surface", word="row", surface=session.config.surface)
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
    further = [TERMS[name].title for name in session.config.terms]
    x = _leaves(seen.batch.features[row], ["x₁", "x₂", *further])
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


def _leaves(numbers: Tensor, names: Iterable[str]) -> tuple[Element, ...]:
    return tuple(Element(value, name) for value, name in zip(numbers.tolist(), names, strict=True))


def _low(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
