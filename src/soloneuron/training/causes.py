"""Why a run ended badly, and what to change first: the numbers of the sentences."""

from __future__ import annotations

from typing import TypeAlias

from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.searching import Searching
from soloneuron.records.history import OutcomeKind
from soloneuron.shapes import Theta
from soloneuron.training.ends import Ends
from soloneuron.training.limits import guaranteed_limit, rate_limits
from soloneuron.training.plan import Plan
from soloneuron.training.run_axes import own_number
from soloneuron.training.scale import UNEVEN

Fields: TypeAlias = dict[str, float | int | str | bool | None]

FLATTER = 100.0
"""A plateau's gradient is so many times shorter than that of a slope."""

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
    if kind not in ("plateau", "finished") or cause in ("rate", "small_rate"):
        numbers |= limits_beside(plan, theta, rate, wanted=cause != "small_rate")
    return numbers


def limits_beside(plan: Plan, theta: Theta, rate: float, *, wanted: bool) -> Fields:
    """Both limits of the rate of a single plain descent, and how many times each it is.

    Args:
        plan: the job.
        theta: where the run stands.
        rate: its largest rate.
        wanted: whether they are told only if the rate is beyond one of them.
    """
    if plan.runs or not plan.plain or not theta.isfinite().all():
        return {}
    limits = rate_limits(plan, theta)
    ratios = [None if limit is None else rate / limit for limit in (limits.guaranteed, limits.local)]
    if max((ratio for ratio in ratios if ratio is not None), default=0.0) <= wanted:
        return {}
    return {
        "guaranteed": limits.guaranteed,
        "local": limits.local,
        "guaranteed_ratio": ratios[0],
        "local_ratio": ratios[1],
        "full_batch": limits.full_batch,
    }


def _cause(ends: Ends, kind: OutcomeKind, run: int) -> str:
    searches = isinstance(ends.plan.optimizer, Searching)
    if kind == "plateau":
        sloped = ends.plan.objective_is_convex or not bool((ends.saturated | ends.stranded)[run])
        if not sloped:
            return "saturated" if not _thrown(ends, run) else "scale" if ends.uneven else "rate"
        reach = ends.reach
        narrow = ends.uneven if reach is None else ends.scales[1] >= UNEVEN * float(reach.column[run])
        if narrow and not _crawls(ends, run):
            return "scale"
        return "search" if searches else "small_rate"
    if ends.uneven:
        return "scale"
    return "search" if searches else "rate"


def _crawls(ends: Ends, run: int) -> bool:
    """Whether the rate is far below its limit."""
    guaranteed = guaranteed_limit(ends.plan, run) if ends.plan.plain else None
    return guaranteed is not None and _rate(ends.plan, run) < CRAWL * guaranteed


def _thrown(ends: Ends, run: int) -> bool:
    """Whether a rate above its limit took the run to a plateau that it did not start from."""
    before, after = (float(norms[run]) for norms in ends.gradient_norms)
    guaranteed = guaranteed_limit(ends.plan, run) if ends.plan.plain else None
    return guaranteed is not None and _rate(ends.plan, run) > guaranteed and before > FLATTER * after


def _rate(plan: Plan, run: int) -> float:
    """The largest rate of a run; of a schedule, its first."""
    rate = plan.learning_rate
    rate = rate(1) if callable(rate) else rate
    if isinstance(rate, Tensor) and rate.dim() > 1:
        rate = own_number(rate, plan.runs, run)
    return float(rate.max()) if isinstance(rate, Tensor) else float(rate)
