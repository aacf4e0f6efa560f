"""``optimizer="auto"``: the rule that arrives, by the loss, the penalty and the shape of the rows."""

from __future__ import annotations

from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.spellings import AUTO

PLAIN_RULE = "gradient_descent"

NEWTON_COLUMNS = 200
"""Up to so many columns a few Hessians are cheaper than the many gradients that they save."""


def is_auto(optimizer: object) -> bool:
    """Whether the choice of the rule is left to the library."""
    return isinstance(optimizer, str) and optimizer == AUTO


def chosen_rule(objective: Objective, rows: int, columns: int, **of_descent: Any) -> str:
    """The name of the rule that ``"auto"`` stands for.

    Newton's method where the objective is smooth and has few columns, a positive semidefinite matrix in the
    place of the Hessian of a loss that is not convex; else L-BFGS in coordinates in which the columns have
    mean 0 and size 1. Neither minds the scale of a column.

    At kinks nothing is sure. Measured on nine sets, raw columns of very different scales and offsets among
    them, L-BFGS ended within 1e-4 of the optimum of the hinge on seven and with an L1 penalty on six; of the
    others the best was Rprop, four and seven after a thousand epochs, which needs more patience.

    Args:
        objective: what is trained; for one that is no neuron it is L-BFGS.
        rows: n.
        columns: d.
        of_descent: learning_rate, batch_size and shuffle; whoever gives one of them, not None, means plain
            descent.

    Returns:
        A name of the catalogue of optimizers.

    Example:
        >>> chosen_rule(Neuron(), 500, 30), chosen_rule(Neuron(), 500, 30, learning_rate=0.1)
        ('newton', 'gradient_descent')
    """
    if any(given is not None for given in of_descent.values()):
        return PLAIN_RULE
    # With fewer rows than columns theta is not determined: L-BFGS, which moves by sums of rows, leaves alone
    # what the rows say nothing of, and Newton's method would fill it with rounding.
    few = columns < rows and columns <= NEWTON_COLUMNS
    return "newton" if few and _bends(objective) else "lbfgs"


def searches(name: str) -> bool:
    """Whether a rule of the catalogue has a line search, which wants all rows at every update.

    Example:
        >>> searches("lbfgs"), searches("adam")
        (True, False)
    """
    return OPTIMIZERS.load(name).needs == "objective"  # type: ignore[no-any-return]


def is_smooth(objective: Objective) -> bool:
    """Whether this is a neuron whose loss and penalty have no kink.

    Example:
        >>> from soloneuron.formulas.losses import Hinge
        >>> is_smooth(Neuron()), is_smooth(Neuron(Hinge()))
        (True, False)
    """
    if not isinstance(objective, Neuron) or not objective.loss.smooth:
        return False
    return objective.penalty is None or objective.penalty.smooth


def _bends(objective: Objective) -> bool:
    """Whether this is a neuron with second derivatives that say all of how it bends."""
    if not isinstance(objective, Neuron) or not is_smooth(objective):
        return False
    try:
        objective.loss.second_derivative(torch.zeros(1), torch.zeros(1))
    except InputError:
        return False
    return True
