"""Why a run ended badly, and what to change first: the numbers of the sentences."""

from __future__ import annotations

from typing import TypeAlias

from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.records.history import OutcomeKind
from soloneuron.shapes import Theta
from soloneuron.training.ends import Ends
from soloneuron.training.limits import rate_limits
from soloneuron.training.plan import Plan
from soloneuron.training.run_axes import own_number
from soloneuron.training.scale import UNEVEN

Fields: TypeAlias = dict[str, float | int | str | bool | None]

CRAWL = 0.01
"""A rate below this share of its limit is too small, whatever the columns are like."""


def cause_of(ends: Ends, kind: OutcomeKind, run: int) -> Fields:
    """The cause of a bad end with its numbers, and both limits of the rate where the rate is what is wrong.

    Args:
        ends: of all runs.
        kind: how this one ended.
        run: which one.

    Returns:
        ``cause``: ``scale``, ``rate``, ``small_rate``, ``saturated`` or ``search``; the numbers that its cure
        is told with.
    """
    plan, theta = ends.plan, ends.theta[run]
    cause = _cause(ends, kind, run)
    least, largest = ends.scales
    rate = _rate(plan, run)
    known = isinstance(plan.objective, Neuron) and type(plan.optimizer) is GradientDescent
    numbers: Fields = {"cause": cause, "learning_rate": rate, "auto": known}
    numbers |= {"least_scale": least, "largest_scale": largest}
    return (
        numbers if cause in ("saturated", "search") else {**numbers, **limits_beside(plan, theta, rate, kind)}
    )


def limits_beside(plan: Plan, theta: Theta, rate: float, kind: OutcomeKind) -> Fields:
    """Both limits of the rate of a single plain descent, where it is beyond one of them or far below."""
    if plan.runs or not plan.plain or not theta.isfinite().all():
        return {}
    limits = rate_limits(plan, theta)
    ratios = {
        name: rate / limit
        for name, limit in (("guaranteed", limits.guaranteed), ("local", limits.local))
        if limit is not None
    }
    # On a plateau the local limit alone says nothing: everything is allowed where nothing bends.
    if not ratios or (kind == "plateau" and "guaranteed" not in ratios):
        return {}
    if kind not in ("plateau", "finished") and max(ratios.values()) <= 1:
        return {}
    return {
        "guaranteed": limits.guaranteed,
        "local": limits.local,
        "guaranteed_ratio": ratios.get("guaranteed"),
        "local_ratio": ratios.get("local"),
        "full_batch": limits.full_batch,
    }


def _cause(ends: Ends, kind: OutcomeKind, run: int) -> str:
    searches = ends.plan.optimizer.needs == "objective"
    if kind == "plateau":
        if bool(ends.saturated[run]):
            return "saturated"
        reach = ends.reach
        assert reach is not None, "a plateau was looked at"
        narrow = ends.scales[1] >= UNEVEN * float(reach.column[run])
        if narrow and not _crawls(ends, run):
            return "scale"
        return "search" if searches else "small_rate"
    if ends.uneven:
        return "scale"
    return "search" if searches else "rate"


def _crawls(ends: Ends, run: int) -> bool:
    plan = ends.plan
    if not plan.plain or plan.runs:
        return False
    guaranteed = rate_limits(plan, ends.theta[run]).guaranteed
    return guaranteed is not None and _rate(plan, run) < CRAWL * guaranteed


def _rate(plan: Plan, run: int) -> float:
    """The largest rate of a run; of a schedule, its first."""
    rate = plan.learning_rate
    rate = rate(1) if callable(rate) else rate
    if isinstance(rate, Tensor) and rate.dim() > 1:
        rate = own_number(rate, plan.runs, run)
    return float(rate.max()) if isinstance(rate, Tensor) else float(rate)
