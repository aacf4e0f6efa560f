"""Pulls a training until it has arrived or stands still, and says how that ended."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import Literal

from soloneuron.neuron import Neuron
from soloneuron.records.history import FAILED, History, Outcome
from soloneuron.training.arrival import CERTAIN, Arrival
from soloneuron.training.causes import Fields
from soloneuron.training.reasons import reason
from soloneuron.training.scale import untrained_loss
from soloneuron.training.separability import unbounded
from soloneuron.training.session import Training
from soloneuron.training.stopping import Patience, Validation, Watcher

NOTICEABLE = 1e-6
"""Who is promised a larger share of the untrained loss has not arrived, however small the gradient."""

End = Literal["optimum", "certain", "still", "epochs"]
"""At the optimum; sure of all rows where there is none; without an improvement for long; after all epochs."""


def watcher_of(
    training: Training, *, tol: float | None, longest: int, validation: Validation | None = None
) -> Watcher | None:
    """Whoever ends a training where the watched loss stands still; None where all epochs are wanted.

    Args:
        training: of a neuron.
        tol: what counts as an improvement, as a share of the watched loss of weights that are all 0; None
            trains all epochs.
        longest: so many epochs in a row without one are enough.
        validation: whose loss is watched; None watches the training's own.
    """
    if tol is None:
        return None
    arrival, neuron = Arrival(training.plan), training.plan.objective
    assert isinstance(neuron, Neuron), "what is watched is a neuron's"
    scale = arrival.untrained if validation is None else untrained_loss(neuron, validation.rows)
    return Watcher(arrival, Patience(tol, longest, scale), validation)


def pulled(training: Training, watcher: Watcher) -> End:
    """Pull a single training epoch by epoch to its end, which may come before its last epoch.

    Args:
        training: of a neuron; its ``epochs`` become those that were needed where it has arrived.
        watcher: of a loss.
    """
    arrival, patience, validation = watcher.arrival, watcher.patience, watcher.validation
    # One that goes on from a checkpoint may have come to its end there.
    stood = [training.last_step] if training.epoch else []
    with closing(training.steps(1)) as steps:
        for step in chain(stood, steps):
            promised, new = arrival.promised(step.state), training.epoch > patience.seen
            if validation is None:
                ended = patience.ends(step.losses.tolist() if new else (), promised)
                ended &= not arrival.rough(step.state, patience.tol)
            else:
                ended = patience.ends([validation.loss(step.state.theta)] if new else ())
            end = arrival.reached(step, promised)
            if end is not None:
                training.epochs = training.epoch
                return end
            if ended:
                return "still"
    return "epochs"


def watched_history(training: Training, watcher: Watcher | None) -> History:
    """The history of a training that ends where it has arrived or the watched loss stands still.

    Args:
        training: of a neuron; it is pulled to that end.
        watcher: of a loss; None trains all epochs.
    """
    if watcher is None:
        training.run()
        return judged_history(training, None)
    end, patience, validation = pulled(training, watcher), watcher.patience, watcher.validation
    which, tol = "training" if validation is None else "validation", patience.tol
    by = f"for {patience.waited} epochs the {which} loss fell by less than {tol:g} of what weights of 0 cost"
    if end == "still" and validation is None and watcher.arrival.searches:
        return _standing(training, tol, by)
    return judged_history(training, end, by=by)


def judged_history(training: Training, end: End | None, *, by: str = "") -> History:
    """The history of a training, its outcome in the light of how it ended.

    A bad end stays what it is, however the training was stopped.

    Args:
        training: of a single run.
        end: how ``pulled`` ended; None where all epochs were wanted.
        by: who or what stopped it, where it stood still.
    """
    promise: Fields = {"promise": Arrival(training.plan).share}
    known = _known(training, end)
    if known is not None:
        return training.history(known=_worded(known))
    history = training.history()
    outcome = history.outcome
    if outcome.kind in FAILED or "cause" in outcome.fields or end is None:
        return history
    if end == "optimum" and outcome.kind != "converged":
        outcome = replace(outcome, kind="converged", fields=promise)
    elif end == "certain":
        outcome = _certain(outcome.epoch)
    elif end == "still":
        stopped: Fields = {"epoch": outcome.epoch, "epochs": training.epochs, "by": by}
        outcome = replace(outcome, kind="stopped", fields=stopped)
    elif end == "epochs" and (outcome.kind == "finished" or _promises(training, NOTICEABLE)):
        cause = _unarrived(training, "epochs")
        outcome = replace(outcome, kind="finished", fields={"epochs": training.epochs, "cause": cause})
    return replace(history, outcomes=(_worded(outcome),))


def _standing(training: Training, tol: float, by: str) -> History:
    """The history of a rule that always goes down and stands still: near enough, or stuck.

    Args:
        training: of a rule with a line search.
        tol: the share of the untrained loss that counts for nothing.
        by: what stopped it, in words.
    """
    history = judged_history(training, "still", by=by)
    outcome = history.outcome
    if outcome.kind != "stopped":
        return history
    enough = max(tol, Arrival(training.plan).share)
    if _promises(training, enough) is False:
        outcome = replace(outcome, kind="converged", fields={"promise": enough})
    else:
        outcome = replace(outcome, fields={**outcome.fields, "cause": _unarrived(training, "search")})
    return replace(history, outcomes=(_worded(outcome),))


def _unarrived(training: Training, otherwise: str) -> str:
    """Why a training has not arrived: the cause of its outcome."""
    arrival = Arrival(training.plan)
    if not arrival.searches:
        return otherwise
    if not arrival.tells:
        return "kinks"
    return otherwise if training.plan.hessian_coordinates is None else "digits"


def _promises(training: Training, share: float) -> bool | None:
    """Whether the last update has promised more than a share of the untrained loss; None: nobody knows."""
    arrival = Arrival(training.plan)
    promised = arrival.promised(training.state)
    return None if promised is None else not promised <= share * arrival.untrained


def _known(training: Training, end: End | None) -> Outcome | None:
    """How a training ended that can have ended in no other way; None where it has to be judged."""
    plan = training.plan
    if end == "optimum" and plan.objective_is_convex:
        # Nothing is left to gain, and there is no plateau to be mistaken for it.
        separable = None if unbounded(plan) else False
        return Outcome("converged", training.epoch, "", {"promise": Arrival(plan).share}, separable)
    if end == "certain" and plan.optimizer.needs == "objective":
        # A line search never climbs: no loss has risen on the way.
        return _certain(training.epoch)
    return None


def _certain(epoch: int) -> Outcome:
    """All rows on their side, and the loss so small that nobody sees a difference."""
    return Outcome("finished", epoch, "", {"certain": CERTAIN}, separable=True)


def _worded(outcome: Outcome) -> Outcome:
    return replace(outcome, reason=reason(outcome))


def warning_of(history: History) -> str | None:
    """What to warn of: a bad end, or one that came too soon; None where all is well."""
    outcome = history.outcome
    return outcome.reason if outcome.kind in FAILED or "cause" in outcome.fields else None
