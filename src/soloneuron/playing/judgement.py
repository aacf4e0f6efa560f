"""What the library's judge says of a runner, as a code and numbers; the page has the sentences."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.metrics import NEAR_LOWEST
from soloneuron.playing.session import Session
from soloneuron.playing.surface_judgement import judged_on
from soloneuron.records.history import Outcome
from soloneuron.training.limits import rate_limits
from soloneuron.training.outcomes import judge
from soloneuron.training.reasons import limits_key
from soloneuron.training.scale import untrained

STILL_TO_GAIN = 0.1
"""Who has the points right with a larger share still to gain has not learned, only turned the right way."""


def status(session: Session) -> dict[str, Any]:
    """What is to be said of every runner now."""
    runners = [judged(session, runner) for runner in range(len(session.race.runners))]
    return {"step": session.position, "runners": runners}


def outcome_of(session: Session, runner: int) -> Outcome:
    """How a runner's training ended if the step that is shown is its last; its sentences are the page's."""
    job, losses = session.race.runners[runner], session.losses(runner)
    first, now = session.measures(runner, 0), session.measures(runner)
    lost = bool(now["lost"])
    if lost:
        # From its last finite step on it stands, and so does its loss.
        losses = losses[: job.state.update + 1]

    def ends(name: str) -> tuple[Tensor, Tensor]:
        return losses.new_tensor([first[name]]), losses.new_tensor([now[name]])

    (outcome,) = judge(
        job.plan,
        theta=session.weights(runner)[None],
        losses=losses[:-1, None],
        values=ends("loss"),
        gradient_norms=ends("gradient_norm"),
        apart=torch.tensor([now["accuracy"] == 1]),
        epochs=len(losses) - 1,
        overflow=lost,
        stopped=None,
    )
    return outcome


def judged(session: Session, runner: int) -> dict[str, Any]:
    """A runner's state now.

    Returns:
        ``code``: the kind of its outcome, ``learned``, ``right`` (the points, but
        not yet the loss) or ``running`` where nothing is wrong yet; ``fields``:
        the numbers of its sentences, those of the outcome among them; ``beside``: keys of the room
        ``outcomes`` for what else is to be said where it has gone astray, else none; ``limits`` of plain
        descent at its best step; ``learned`` and ``reached``: the steps since which accuracy and loss are
        there, or None.
    """
    surface = session.race.runners[runner].surface
    if surface is not None:
        return judged_on(session, surface, runner)
    job, now, best = session.race.runners[runner], session.measures(runner), session.best_step(runner)
    outcome, learned = outcome_of(session, runner), session.learned(runner)
    # Who was never lower than now gets lower, whatever the swing.
    fine = outcome.kind == "finished" or (outcome.kind == "oscillating" and best == session.position)
    limits = rate_limits(job.plan, session.weights(runner, best)) if job.plan.plain else None
    if limits is not None and limits.guaranteed is None and outcome.kind == "plateau":
        # Next to nothing bends there: the local limit alone would allow everything.
        limits = replace(limits, local=None)
    going = "running" if learned is None else "learned" if _near(session, runner) else "right"
    return {
        "code": going if fine else outcome.kind,
        "fields": {
            **outcome.fields,
            "step": session.position,
            "rate": job.entry.rate,
            "back": best,
            "loss": now["loss"],
            "best": session.measures(runner, best)["loss"],
            "gradient_norm": now["gradient_norm"],
            "accuracy": now["accuracy"],
            "moved": float((session.weights(runner) - session.race.start).norm()),
            "learned": learned,
            "lowest": session.landscape.lowest[job.loss],
        },
        "beside": [] if fine else _beside(outcome),
        "limits": None if limits is None else asdict(limits),
        "learned": learned,
        "reached": session.reached(runner),
    }


def _near(session: Session, runner: int) -> bool:
    """Whether nine tenths are gained of what there is to gain, from weights of 0 to the lowest loss."""
    job = session.race.runners[runner]
    lowest, start = session.landscape.lowest[job.loss], float(untrained(job.plan).value)
    bound = lowest + max(NEAR_LOWEST, STILL_TO_GAIN * (start - lowest))
    return session.measures(runner)["loss"] <= bound


def _beside(outcome: Outcome) -> list[str]:
    """Both limits of the rate where it is beyond one, and the cure."""
    if outcome.kind == "plateau":
        return []
    limits, cause = limits_key(outcome.fields), outcome.fields.get("cause")
    guide = [] if limits is None or outcome.fields.get("full_batch", True) else ["full_batch"]
    return [*([] if limits is None else [limits]), *guide, *([] if cause is None else [f"cures.{cause}"])]
