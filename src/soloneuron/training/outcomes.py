"""How a run ended, judged from its record: one judge for ``fit``, estimator, command line and page."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.formulas.sparse import largest_number
from soloneuron.records.history import Outcome, OutcomeKind
from soloneuron.training.causes import Fields, cause_of
from soloneuron.training.ends import Ends
from soloneuron.training.plan import Plan
from soloneuron.training.reasons import reason
from soloneuron.training.separability import unbounded


def judge(
    plan: Plan,
    *,
    theta: Tensor,
    losses: Tensor,
    values: tuple[Tensor, Tensor],
    gradient_norms: tuple[Tensor, Tensor],
    apart: Tensor,
    epochs: int,
    overflow: bool,
    stopped: str | None,
) -> tuple[Outcome, ...]:
    """Say of every run how it ended, and why.

    The rows are passed once more only where the losses stand still or the gradient has become small.

    Args:
        plan: the job.
        theta: the last theta, (R, d+1).
        losses: the loss of each epoch, (E, R).
        values: the objective at the start and at the last theta, (R,) each.
        gradient_norms: length of the gradient at the start and at the last theta, (R,) each.
        apart: whether the last theta has every row on the right side, (R,).
        epochs: how many epochs were asked for.
        overflow: whether a single run left the range of the dtype after the last of these losses.
        stopped: who stopped the runs before their end, or None: a run that was stopped is not judged, unless
            it had left the range of the dtype.

    Returns:
        R outcomes; runs of which nothing else is to be said share one object. Bad ends, ``FAILED``, have
        their cause in ``fields["cause"]``; ``cure`` is the sentence.
    """
    ends, done = Ends(plan, theta, losses, values, gradient_norms), len(losses)
    finite = _finite_epochs(losses)
    lost = (finite < done) | ~theta.isfinite().all(-1) | overflow
    kinds: list[OutcomeKind] = ["stopped" if stopped is not None else "finished"] * len(theta)
    slowed = torch.zeros_like(lost)
    if done and stopped is None and not lost.all():
        slowed = ends.slowed
        for kind, ended in reversed(ends.kinds()):
            for run in ended.nonzero()[:, 0].tolist():
                kinds[run] = kind
    for run in lost.nonzero()[:, 0].tolist():
        kinds[run] = "overflow"
    endless, shared = unbounded(plan), dict[bool | None, Outcome]()
    outcomes = []
    # As lists: to read one number of a tensor takes as long as all else that is done for a run.
    for run, (kind, gone, right, slow) in enumerate(
        zip(kinds, lost.tolist(), apart.tolist(), slowed.tolist(), strict=True)
    ):
        separable = False if not endless or gone else right or None
        if kind in ("finished", "stopped") and not slow:
            if separable not in shared:
                shared[separable] = _plain(kind, done, epochs, stopped, separable)
            outcomes.append(shared[separable])
            continue
        last = int(finite[run]) if kind == "overflow" else done
        fields = _fields(ends, kind, run, last)
        outcome = Outcome(kind, last, "", fields, separable)
        outcomes.append(replace(outcome, reason=reason(outcome)))
    return tuple(outcomes)


def _finite_epochs(losses: Tensor) -> Tensor:
    """How many epochs of each run came before its first loss that is not finite, (R,)."""
    finite = losses.isfinite()
    if finite.all():
        return torch.full((losses.shape[1],), len(losses))
    return finite.long().cumprod(0).sum(0)


def _plain(kind: OutcomeKind, done: int, epochs: int, stopped: str | None, separable: bool | None) -> Outcome:
    """Finished or stopped: nothing that depends on the run."""
    fields: Fields = {"epochs": epochs}
    if stopped is not None:
        fields = {"epoch": done, "epochs": epochs, "by": stopped}
    outcome = Outcome(kind, done, "", fields, separable)
    return replace(outcome, reason=reason(outcome))


def _fields(ends: Ends, kind: OutcomeKind, run: int, done: int) -> Fields:
    """The numbers of a run's sentences, its cause and its cure among them."""
    if kind == "converged":
        return {"gradient_norm": float(ends.gradient_norms[1][run])}
    if kind == "finished":
        return {"epochs": done, **cause_of(ends, kind, run)}
    if kind == "overflow":
        X = None if ends.plan.data is None else ends.plan.data.features
        numbers: Fields = {
            "epoch": done + 1,
            "dtype": str(ends.theta.dtype).removeprefix("torch."),
            "largest": 0.0 if X is None else largest_number(X),
        }
        return {**numbers, **cause_of(ends, kind, run)}
    window = max(1, min(done, max(4, done // 10)))
    loss, start = float(ends.path.end[run]), float(ends.path.start[run])
    if kind == "oscillating":
        loss = float(ends.losses[-window:, run].mean())
    numbers = {"loss": loss, "start": start, "window": window}
    if kind == "worse_than_untrained":
        numbers["untrained"] = float(ends.untrained.value[run])
    if kind == "plateau":
        numbers |= {"window": max(1, done // 2), "spread": float(ends.path.spread[run])}
    return {**numbers, **cause_of(ends, kind, run)}
