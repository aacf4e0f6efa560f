"""Where the race begins and what must be reached: decided before anybody runs, the same in any company."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.errors import InputError, SoloneuronError
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective, lowest_of, name_of
from soloneuron.optimizers.lbfgs import LBFGS
from soloneuron.optimizers.searching import tried
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta
from soloneuron.training.protocol.budgets import watched
from soloneuron.training.protocol.trainings import ComparedTask

JITTER = 0.1
"""By what share of itself each coordinate of a start moves at most."""

SEARCHES = 4
"""Besides from the usual start the lowest value is looked for from so many others,"""

SEARCH_BUDGET = 1000
"""with so many evaluations each."""

EASIEST = 0.3
"""The first target: so much of the way is still to go."""

TARGET_COUNT = 8
"""How many there are, at even distances of their logarithms."""


def jittered(start: Theta, seed: int, jitter: float) -> Theta:
    """A start moved at random: each coordinate by a share of itself, and one at 0 as the others do.

    Args:
        start: (k,).
        seed: the same seed moves every start alike.
        jitter: the share, > 0.
    """
    sizes = start.abs()
    typical = sizes.square().sum().div(max(1, int((sizes > 0).sum()))).sqrt()
    sizes = sizes.where(sizes > 0, typical if typical > 0 else 1.0)
    uniform = torch.rand(start.shape, generator=generator_for(seed), dtype=torch.float64).to(start)
    return start + jitter * sizes * (2 * uniform - 1)


def jittered_starts(
    objective: Objective, batch: Batch | None, start: Theta, seeds: Sequence[int], jitter: float
) -> Mapping[int, Theta]:
    """One start a seed, inside the domain where the usual start is: less is moved where it must be."""
    found = {}
    for seed in seeds:
        shares = (jitter / 2**k for k in range(10))
        moved = (jittered(start, seed, share) for share in shares)
        found[seed] = next((point for point in moved if _finite(objective, batch, point)), start.clone())
    return found


def _finite(objective: Objective, batch: Batch | None, point: Theta) -> bool:
    value = tried(lambda point: objective.value(point, batch), point)
    return value is not None and bool(torch.as_tensor(value).isfinite().all())


def value_at_start(objective: Objective, batch: Batch | None, start: Theta) -> float:
    """The value where the race begins.

    Raises:
        InputError: it is not finite.
    """
    value = float(objective.value(start, batch))
    if not math.isfinite(value):
        raise InputError(
            f"the value of {name_of(objective)} at the start must be a finite number, got {value}",
            code="compare.start",
        )
    return value


def found_lowest(task: ComparedTask, begin: float) -> float:
    """The least value: known, or looked for by L-BFGS from fixed starts, whoever takes part.

    Args:
        task: what is minimized.
        begin: the value at the usual start.
    """
    known = lowest_of(task.objective)
    if known is not None:
        return float(known)
    # What goes wrong far away is no matter; what goes wrong where all begin is the task's own error.
    task.objective.value_and_gradient(task.start, task.batch)
    convex = isinstance(task.objective, Neuron) and task.objective.loss.convex
    others = (jittered(task.start, -k, JITTER) for k in range(1, 1 if convex else SEARCHES + 1))
    values = [begin, *chain.from_iterable(_searched(task, point) for point in (task.start, *others))]
    return min(value for value in values if math.isfinite(value))


def _searched(task: ComparedTask, start: Theta) -> Iterator[float]:
    """The values on the way of a search; none where the objective does not bear one."""
    try:
        values, _ = watched(task.searching(LBFGS(iterations=1), start), SEARCH_BUDGET)
    except (ArithmeticError, ValueError) as fault:
        # Somebody's functions that answer in a wrong shape would do so in every run.
        if isinstance(fault, SoloneuronError) and fault.code.startswith("objective."):
            raise
        return
    yield from values.flatten().tolist()


def targets_between(begin: float, lowest: float, share: float, target: float | None) -> Tensor:
    """The targets from the easiest to the one that decides, (TARGET_COUNT,).

    Args:
        begin: the value at the start.
        lowest: the least value.
        share: of the way that is left at the last target.
        target: the last target itself, if it was given.

    Raises:
        InputError: the start is there already.

    Example:
        >>> targets_between(1.0, 0.0, 0.003, None).tolist()[-1]
        0.003
    """
    last = lowest + share * (begin - lowest) if target is None else target
    if not last < begin:
        raise InputError(
            f"the start must lie above the target, got {begin:g} at the start and {last:g} for a target: "
            "begin elsewhere, or give a lower target",
            code="compare.target",
        )
    steps = torch.logspace(
        math.log10(EASIEST), math.log10(min(share, EASIEST)), TARGET_COUNT, dtype=torch.float64
    )
    found = lowest + steps * (begin - lowest) if target is None else last + steps * (begin - last)
    found[-1] = last
    return found
