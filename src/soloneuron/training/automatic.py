"""``optimizer="auto"``: the rule that arrives, by the loss, the penalty and the shape of the rows."""

from __future__ import annotations

from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.spellings import AUTO
from soloneuron.shapes import Features

PLAIN_RULE = "gradient_descent"

NEWTON_COLUMNS = 500
"""Above this the Hessian costs more than any number of gradients that it could save."""

SMALL = 50_000
"""Up to so many numbers in the rows calls cost more than arithmetic, and Newton's method makes the fewest."""

CROSSING = 10
"""Newton's method is faster up to this many columns times the root of the condition of correlations."""


def is_auto(optimizer: object) -> bool:
    """Whether the choice of the rule is left to the library."""
    return isinstance(optimizer, str) and optimizer == AUTO


def chosen_rule(objective: Objective, X: Features, **of_descent: Any) -> str:
    """The name of the rule that ``"auto"`` stands for.

    Newton's method where the objective is smooth and columns are few or lean on each other, a positive
    semidefinite matrix in the place of the Hessian of a loss that is not convex; else L-BFGS in coordinates
    in which the columns have mean 0 and size 1. Neither minds the scale of a column. The cost of one grows
    with d, the other needs the more evaluations the more the columns are correlated: they were measured to
    cross at d = 10 sqrt(condition of the correlations).

    Both know the kinks of the hinge and of the size of a weight; there Newton's method is taken wherever it
    can be. At kinks that nobody tells of nothing is sure, and L-BFGS is the best there is.

    Args:
        objective: what is trained; for one that is no neuron it is L-BFGS.
        X: the rows, (n, d).
        of_descent: learning_rate, batch_size and shuffle; whoever gives one of them, not None, means plain
            descent.

    Returns:
        A name of the catalogue of optimizers.

    Example:
        >>> X = torch.rand(500, 30)
        >>> chosen_rule(Neuron(), X), chosen_rule(Neuron(), X, learning_rate=0.1)
        ('newton', 'gradient_descent')
    """
    if any(given is not None for given in of_descent.values()):
        return PLAIN_RULE
    # With fewer rows than columns theta is not determined: L-BFGS, which moves by sums of rows, leaves alone
    # what the rows say nothing of, and Newton's method would fill it with rounding.
    n, d = X.shape
    if not d < n or d > NEWTON_COLUMNS or is_sparse(X) or not _bends(objective):
        return "lbfgs"
    if not is_smooth(objective):
        return "newton"
    return "newton" if n * d <= SMALL or d <= CROSSING * correlation_condition(X) ** 0.5 else "lbfgs"


def correlation_condition(X: Features) -> float:
    """The condition number of the correlations of the columns, of about a thousand rows spread over all.

    Example:
        >>> correlation_condition(torch.tensor([[0.0, 0.0], [0.0, 1e6], [1.0, 0.0], [1.0, 1e6]]))
        1.0
    """
    n, d = X.shape
    rows = X[:: max(1, n // max(1000, 4 * d))].double()
    # Squares of what is at most 1 do not overflow.
    rows = rows / torch.where(rows == 0, 1.0, rows.abs()).amax(0)
    away = rows - rows.mean(0)
    size = away.square().mean(0).sqrt()
    # A column of one value leans on nothing.
    away /= torch.where(size > 0, size, 1.0)
    values = torch.linalg.eigvalsh(away.mT @ away / len(rows))
    values = values[values > 0]
    return float(values[-1] / values[0]) if len(values) else 1.0


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


def kinks_are_known(objective: Objective) -> bool:
    """Whether this is a neuron whose kinks, if it has any, a rule can be told of.

    Example:
        >>> from soloneuron.formulas.losses import Hinge
        >>> kinks_are_known(Neuron(Hinge()))
        True
    """
    if not isinstance(objective, Neuron):
        return False
    loss, penalty = objective.loss, objective.penalty
    if not loss.smooth and loss.rounded(torch.ones(())) is None:
        return False
    return penalty is None or penalty.smooth or bool(torch.as_tensor(penalty.absolute).any())


def _bends(objective: Objective) -> bool:
    """Whether this is a neuron with second derivatives that say all of how it bends between its kinks."""
    if not isinstance(objective, Neuron) or not kinks_are_known(objective):
        return False
    try:
        objective.loss.second_derivative(torch.zeros(1), torch.zeros(1))
    except InputError:
        return False
    return True
