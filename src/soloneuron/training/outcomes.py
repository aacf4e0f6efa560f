"""How a run ended, judged from its record."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.records.history import Outcome
from soloneuron.shapes import Theta
from soloneuron.texts import text
from soloneuron.training.limits import rate_limits
from soloneuron.training.plan import Plan
from soloneuron.training.separability import unbounded

Fields = dict[str, float | int | str | None]

FEWEST_EPOCHS = 4
"""A run shorter than this is not called oscillating."""

ENOUGH_FOR_MEANS = 20
"""Epochs over which a cycle's ups and downs cancel."""


def judge(
    plan: Plan,
    *,
    theta: Tensor,
    losses: Tensor,
    gradient_norms: tuple[Tensor, Tensor],
    apart: Tensor,
    epochs: int,
    overflow: bool,
    stopped: str | None,
) -> tuple[Outcome, ...]:
    """Say of every run how it ended, and why.

    Args:
        plan: the job.
        theta: the last theta, (R, d+1).
        losses: the loss of each epoch, (E, R).
        gradient_norms: length of the gradient at the start and at the end, (R,) each.
        apart: whether the last theta has every row on the right side, (R,).
        epochs: how many epochs were asked for.
        overflow: whether a single run left the range of the dtype after the last of these losses.
        stopped: who stopped the runs before their end, or None.

    Returns:
        R outcomes; runs of which nothing else is to be said share one object.
    """
    done, start = len(losses), losses[:1].nan_to_num(0.0).sum(0)
    finite = _finite_epochs(losses)
    lost = (finite < done) | ~theta.isfinite().all(-1) | overflow
    small = math.sqrt(torch.finfo(theta.dtype).eps) * gradient_norms[0].clamp(min=1.0)
    converged = (gradient_norms[1] <= small) & (done > 0)
    converged &= (losses[-1] <= start) if done else converged
    oscillating = _oscillating(losses)
    # Rows that are all on their side prove it; whether others can be is asked where the answer is read.
    endless = unbounded(plan)
    plain: dict[bool | None, Outcome] = {}
    outcomes = []
    flags = (flag.tolist() for flag in (lost, converged, oscillating, apart))
    for run, (lost_here, converged_here, oscillating_here, apart_here) in enumerate(zip(*flags, strict=True)):
        separable = (True if apart_here else None) if endless and not lost_here else False
        if lost_here:
            outcome = _overflow(plan, theta[run], int(finite[run]))
        elif stopped is None and converged_here:
            outcome = Outcome("converged", done, "", {"gradient_norm": float(gradient_norms[1][run])})
        elif stopped is None and oscillating_here:
            window = _window(done)
            mean = float(losses[-window:, run].mean())
            numbers = {"loss": mean, "start": float(start[run]), "window": window}
            outcome = Outcome("oscillating", done, "", {**numbers, **_limit(plan, theta[run])})
        else:
            if separable not in plain:
                plain[separable] = _plain(done, epochs, stopped, separable)
            outcomes.append(plain[separable])
            continue
        outcomes.append(replace(outcome, reason=reason(outcome), separable=separable))
    return tuple(outcomes)


def reason(outcome: Outcome, language: str = "en") -> str:
    """The outcome's sentence in a language, with the learning rate's limit where it explains something."""
    sentences = [text(language, f"outcomes.{outcome.kind}", **outcome.fields)]
    which = outcome.fields.get("which")
    if which is not None:
        limit = text(language, f"outcomes.{which}", **outcome.fields)
        guide = "" if outcome.fields["full_batch"] else f" ({text(language, 'outcomes.full_batch')})"
        sentences.append(limit + guide)
    return "; ".join(sentences)


def _finite_epochs(losses: Tensor) -> Tensor:
    """How many epochs of each run came before its first loss that is not finite, (R,)."""
    finite = losses.isfinite()
    if finite.all():
        return torch.full((losses.shape[1],), len(losses))
    return finite.long().cumprod(0).sum(0)


def worse_than_untrained(plan: Plan, theta: Theta) -> str | None:
    """One English sentence if a single run ended above the loss of weights that are all 0, else None."""
    start, end = (float(plan.objective.value(at, plan.data)) for at in (torch.zeros_like(theta), theta))
    if end <= start:
        return None
    return (
        f"the training loss is {end:.4g}, above the {start:.4g} of weights that are all 0: lower the "
        f"learning rate {plan.largest_rate:g}, or take learning_rate='auto'"
    )


def _plain(done: int, epochs: int, stopped: str | None, separable: bool | None) -> Outcome:
    """Finished or stopped: nothing that depends on the run."""
    if stopped is None:
        outcome = Outcome("finished", done, "", {"epochs": epochs}, separable)
    else:
        outcome = Outcome("stopped", done, "", {"epoch": done, "epochs": epochs, "by": stopped}, separable)
    return replace(outcome, reason=reason(outcome))


def _overflow(plan: Plan, theta: Tensor, done: int) -> Outcome:
    X = None if plan.data is None else plan.data.features
    fields: Fields = {
        "epoch": done + 1,
        "dtype": str(theta.dtype).removeprefix("torch."),
        "largest": float(X.abs().max()) if X is not None and X.numel() else 0.0,
        "learning_rate": plan.largest_rate,
    }
    return Outcome("overflow", done, "", {**fields, **_limit(plan, theta)})


def _window(done: int) -> int:
    return max(FEWEST_EPOCHS, done // 10)


def _oscillating(losses: Tensor) -> Tensor:
    """Whether the mean loss of the last window is above the start, and the window does not fall, (R,)."""
    done = len(losses)
    if done < FEWEST_EPOCHS:
        return torch.zeros(losses.shape[1], dtype=torch.bool)
    last = losses[-_window(done) :]
    return (last.mean(0) > losses[0]) & ~_falling(last)


def _falling(last: Tensor) -> Tensor:
    """Whether the losses (window, R) fall as a whole: means, because a cycle is high and low by turns.

    The means of the halves of a straight fall differ by half of its spread; less than half of that is none.
    A window too short for means must not rise at all.
    """
    half = len(last) // 2
    fall = last[:half].mean(0) - last[-half:].mean(0)
    steady = fall > (last.amax(0) - last.amin(0)) / 4
    return steady if len(last) >= ENOUGH_FOR_MEANS else steady & (last.diff(dim=0) <= 0).all(0)


def _limit(plan: Plan, theta: Tensor) -> Fields:
    """The limit that the rate of a single plain descent is beyond: the local one, else the guaranteed one."""
    if plan.runs or not plan.plain or not theta.isfinite().all():
        return {}
    limits, rate = rate_limits(plan, theta), float(plan.learning_rate)
    for which, limit in (("local", limits.local), ("guaranteed", limits.guaranteed)):
        if limit is not None and rate > limit:
            numbers: Fields = {"learning_rate": rate, "limit": limit, "ratio": rate / limit}
            return {"which": which, **numbers, "full_batch": limits.full_batch}
    return {}
