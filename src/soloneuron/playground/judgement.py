"""What there is to say of a runner, as a code and numbers; the page has the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soloneuron.formulas.metrics import LEARNED_ACCURACY
from soloneuron.neuron import Neuron
from soloneuron.playground.session import Session
from soloneuron.training.limits import rate_limits
from soloneuron.training.plan import Plan
from soloneuron.training.scale import best_constant

STANDSTILL = 0.01
"""A gradient shorter than this where the neuron is still wrong is a standstill."""

CALM = 1e-6
"""A gradient shorter than this is a minimum."""

WORSE = 1.001
"""A loss higher than this many times its best has gone up."""


def status(session: Session) -> dict[str, Any]:
    """What is to be said of every runner now."""
    runners = [judged(session, runner) for runner in range(len(session.race.runners))]
    return {"step": session.position, "runners": runners}


def judged(session: Session, runner: int) -> dict[str, Any]:
    """A runner's state now.

    Returns:
        ``code``: lost, beyond or beyond_local (the rate is above the local limit and the loss above its
        best, with and without a guaranteed limit), rising, still, calm, learned or running; ``fields``: the
        numbers of its sentence; ``limits`` of plain descent; ``learned`` and ``reached``: the steps since
        which accuracy and loss are there, or None.
    """
    job, now, best = session.race.runners[runner], session.measures(runner), session.best_step(runner)
    plain = job.plan.plain
    limits = rate_limits(job.plan, session.weights(runner, best)) if plain else None
    local = limits.local if limits is not None else None
    guaranteed = limits.guaranteed if limits is not None else None
    lowest = session.measures(runner, best)["loss"]
    fields: dict[str, Any] = {
        "step": session.position,
        "rate": job.entry.rate,
        "back": best,
        "limit": local,
        "ratio": job.entry.rate / local if local else None,
        "guaranteed": guaranteed,
        "guaranteed_ratio": job.entry.rate / guaranteed if guaranteed else None,
        "loss": now["loss"],
        "best": lowest,
        "gradient_norm": now["gradient_norm"],
        "accuracy": now["accuracy"],
        "moved": float((session.weights(runner) - session.race.start).norm()),
    }
    up = now["loss"] > lowest * WORSE
    learned = session.learned(runner)
    if now["lost"]:
        code = "lost"
    elif up and local is not None and job.entry.rate > local:
        code = "beyond_local" if guaranteed is None else "beyond"
    elif up and now["loss"] > session.measures(runner, 0)["loss"]:
        code = "rising"
    elif now["gradient_norm"] < STANDSTILL and (
        _flat(job.plan, now) or now["accuracy"] < LEARNED_ACCURACY / 2
    ):
        code = "still"
    elif now["gradient_norm"] < CALM:
        code = "calm"
    else:
        code = "running" if learned is None else "learned"
    return {
        "code": code,
        "fields": {**fields, "learned": learned},
        "limits": limits and {"guaranteed": guaranteed, "local": local, "full_batch": limits.full_batch},
        "learned": learned,
        "reached": session.reached(runner),
    }


def _flat(plan: Plan, now: Mapping[str, Any]) -> bool:
    """Whether a loss that is not convex is no better than one answer for all rows: a plateau, no minimum."""
    neuron = plan.objective
    if not isinstance(neuron, Neuron) or neuron.loss.convex:
        return False
    return bool(now["loss"] >= 0.98 * best_constant(plan))
