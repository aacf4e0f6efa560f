"""What is to be said of a runner on a surface, whose lowest points are known: codes and numbers.

``view/source/session/surface_judgement.ts`` says the same; an oracle test holds the two together.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.curvature import rate_limit
from soloneuron.formulas.surfaces import Surface
from soloneuron.playing.session import Session
from soloneuron.training.trends import trend_of

NEWTON_REACH = 0.1
"""By a flat point Newton's step is shorter than this share of the way to the minimum."""

NO_STEP = 1e-6
"""A step of no more than this share is none."""

PROMISED = 0.2
"""Where the slope, kept up all the way, leads down no more than this share of what is left, is a plateau."""


def judged_on(session: Session, surface: Surface, runner: int) -> dict[str, Any]:
    """A runner's state now, with the keys of ``judgement.judged``.

    Codes: ``overflow``, ``arrived`` within reach of the lowest value, ``climbing``, ``saddle`` and
    ``trapped`` (in a minimum that is not the lowest) beside a flat point, ``flat`` on a plateau,
    ``swinging``, ``escaped`` (below the height of the saddle that it started above), else ``descending``.
    """
    job, now, best = session.race.runners[runner], session.measures(runner), session.best_step(runner)
    theta, losses = session.weights(runner), session.losses(runner)
    if now["lost"]:
        losses = losses[: job.state.update + 1]
    code = _code(session, surface, runner, losses)
    near = _nearest(surface, theta)
    # Next to nothing bends on a plateau: the local limit alone would allow everything.
    limit = _local_limit(surface, theta) if job.plan.plain and code != "flat" else None
    beyond = limit is not None and job.entry.rate > limit
    beside = ["local"] * beyond + ["cures.rate"] if code in ("overflow", "climbing", "swinging") else []
    return {
        "code": code,
        "fields": {
            "step": session.position,
            "rate": job.entry.rate,
            "learning_rate": job.entry.rate,
            "limit": limit,
            "ratio": job.entry.rate / limit if limit is not None else None,
            "back": best,
            "start": session.measures(runner, 0)["loss"],
            "loss": now["loss"],
            "best": session.measures(runner, best)["loss"],
            "above": now["loss"] - surface.lowest,
            "gradient_norm": now["gradient_norm"],
            "far": float((theta - near).norm()),
            "x": float(near[0]),
            "y": float(near[1]),
        },
        "beside": beside,
        "limits": {"guaranteed": None, "local": limit, "full_batch": True} if limit is not None else None,
        "learned": None,
        "reached": session.reached(runner),
    }


def _code(session: Session, surface: Surface, runner: int, losses: Tensor) -> str:
    now = session.measures(runner)
    if now["lost"] or session.reached(runner) is not None:
        return "overflow" if now["lost"] else "arrived"
    if len(losses) == 1:
        return "descending"
    plain = session.race.runners[runner].plan.plain
    ends = (losses[:1], losses[-1:])
    trend = trend_of(ends, losses[:-1, None], noisy=False, monotone=plain)
    if trend.rising:
        return "climbing"
    stopped = _held_up(surface, session.weights(runner), now)
    if stopped is not None:
        return stopped
    going = "escaped" if surface.name == "saddle" and now["loss"] < 0 else "descending"
    lowered = session.best_step(runner) == session.position
    return "swinging" if trend.cycling and not lowered else going


def _held_up(surface: Surface, theta: Tensor, now: dict[str, float]) -> str | None:
    """Whether a flat point or a plateau keeps a runner from the lowest value."""
    left = float((theta - _nearest(surface, theta)).norm())
    promised = now["gradient_norm"] * left
    flat = promised <= PROMISED * (now["loss"] - surface.lowest)
    return _flat_point(surface, theta, left) or ("flat" if flat else None)


def _flat_point(surface: Surface, theta: Tensor, left: float) -> str | None:
    """Whether Newton's method leads to a saddle or a minimum close by; a hilltop is neither."""
    first, bends = _newton(surface, theta)
    if bends[1] <= 0 or not float(first.norm()) <= NEWTON_REACH * left:
        return None
    # In a bent valley a short step is followed by a long one.
    second = float(_newton(surface, theta - first)[0].norm())
    if not second <= max(float(first.norm()) / 2, NO_STEP * left):
        return None
    return "saddle" if bends[0] < 0 else "trapped"


def _newton(surface: Surface, theta: Tensor) -> tuple[Tensor, Tensor]:
    """The step that Newton's method moves against, infinite where nothing bends, and the curvatures."""
    bends, directions = torch.linalg.eigh(surface.hessian(theta))
    return directions @ (directions.T @ surface.gradient(theta) / bends), bends


def _nearest(surface: Surface, theta: Tensor) -> Tensor:
    minima = theta.new_tensor(surface.minima)
    return minima[int((minima - theta).norm(dim=1).argmin())]


def _local_limit(surface: Surface, theta: Tensor) -> float | None:
    """2 over the largest curvature where the runner stands; None where nothing bends upwards."""
    largest = float(torch.linalg.eigvalsh(surface.hessian(theta))[1])
    return rate_limit(largest) if math.isfinite(largest) else None
