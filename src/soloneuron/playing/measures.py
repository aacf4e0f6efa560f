"""The numbers of a run that a lesson can ask for, by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.data.preparation import hold_out
from soloneuron.data.synthetic import outlier_rows
from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.curvature import principal_curvatures
from soloneuron.formulas.metrics import accuracy
from soloneuron.playing.lesson import Measure
from soloneuron.playing.race import make_data
from soloneuron.playing.session import Session
from soloneuron.records.dataset import Batch
from soloneuron.training.limits import rate_limits

RISE = 1e-9
"""A loss that is larger by a smaller part than this is larger by rounding."""

Taken = Callable[[Session, Measure, int], float | None]


def take(session: Session, measure: Measure, until: int) -> float | None:
    """A number of a session that has been played to a step.

    Args:
        session: the run.
        measure: what is asked of it.
        until: the step, recorded already.

    Returns:
        The number; None for an event that has not come by then, or a curvature that is not there.
    """
    return MEASURES[measure.kind](session, measure, until)


def _read(name: str) -> Taken:
    """A column of the race's table."""
    return lambda session, measure, until: session.measures(measure.runner, until)[name]


def _learned(session: Session, measure: Measure, until: int) -> float | None:
    return session.learned(measure.runner, until)


def _arrived(session: Session, measure: Measure, until: int) -> float | None:
    """The first step from which on the loss stays within ``detail`` of the lowest; who passes by goes on."""
    bound = _lowest(session, measure) + measure.detail
    return _since(_losses(session, measure, until) <= bound)


def _excess(session: Session, measure: Measure, until: int) -> float:
    """How far the loss lies above the lowest that a search found; 0 where the run itself got lower."""
    return max(0.0, session.measures(measure.runner, until)["loss"] - _lowest(session, measure))


def _clean_accuracy(session: Session, measure: Measure, until: int) -> float:
    """The share of right answers among the rows that are where they belong."""
    data, neuron = session.race.data, session.race.runners[measure.runner].neuron
    clean = ~_outliers(session)
    z = neuron.logits(session.weights(measure.runner, until), data.features[clean])
    return float(accuracy(z, data.labels[clean]))


def _outliers(session: Session) -> Tensor:
    """Which of the rows that are learned from have a wrong label and lie far away, (n,) of bool."""
    every = make_data(session.config)
    wrong = replace(every, features=outlier_rows(every)[:, None].double())
    if session.race.test is not None:
        wrong, _ = hold_out(wrong, session.config.test, seed=session.config.seed)
    return wrong.features[:, 0] > 0


def _top_accuracy(session: Session, _measure: Measure, until: int) -> float:
    """Of the best runner."""
    return max(session.measures(runner, until)["accuracy"] for runner in range(len(session.race.runners)))


def _length(session: Session, measure: Measure, until: int) -> float:
    width = session.race.data.features.shape[1]
    return float(session.weights(measure.runner, until)[:width].norm())


def _weight(session: Session, measure: Measure, until: int) -> float:
    return float(session.weights(measure.runner, until)[int(measure.detail)])


def _best_weight(session: Session, measure: Measure, _until: int) -> float:
    return float(_minimum(session, measure)[int(measure.detail)])


def _slope(session: Session, measure: Measure, _until: int) -> float:
    """The derivative that plain descent must have seen on its first step."""
    moved = session.weights(measure.runner, 0) - session.weights(measure.runner, 1)
    return float(moved[int(measure.detail)]) / session.race.runners[measure.runner].entry.rate


def _first_gradient(session: Session, measure: Measure, _until: int) -> float:
    return session.measures(measure.runner, 0)["gradient_norm"]


def _distance(session: Session, measure: Measure, until: int) -> float:
    """The root of the mean square distance to the lowest point, over the last ``detail`` steps."""
    away = _away(session, measure, until)[-int(measure.detail) :]
    return float(away.square().sum(1).mean().sqrt())


def _stride(session: Session, measure: Measure, until: int) -> float:
    """The root of the mean square length of the last ``detail`` steps."""
    steps = range(until - int(measure.detail) + 1, until + 1)
    squares = [session.measures(measure.runner, step)["moved"] ** 2 for step in steps]
    return math.sqrt(math.fsum(squares) / len(squares))


def _crossings(session: Session, measure: Measure, until: int) -> float:
    """How often the steepest direction through the lowest point changed its sign."""
    across = _away(session, measure, until) @ _bends(session, measure)[1][:, -1]
    return float((across[1:] * across[:-1] < 0).sum())


def _condition(session: Session, measure: Measure, _until: int) -> float | None:
    """The largest curvature over the smallest, at the lowest point."""
    bends = _bends(session, measure)[0]
    return float(bends[-1] / bends[0]) if bends[0] > 0 else None


def _limit(session: Session, measure: Measure, _until: int) -> float | None:
    """2 over the largest curvature, at the lowest point."""
    return rate_limits(session.race.runners[measure.runner].plan, _minimum(session, measure)).local


def _sharpness(session: Session, measure: Measure, until: int) -> float:
    """The largest curvature where the runner stands."""
    data, neuron = session.race.data, session.race.runners[measure.runner].neuron
    here = neuron.hessian(session.weights(measure.runner, until), Batch(data.features, data.labels))
    return float(principal_curvatures(here)[0][-1])


def _sharpest(session: Session, measure: Measure, until: int) -> float:
    """The largest sharpness so far."""
    return float(_sharpnesses(session, measure, until).max())


def _edge(session: Session, measure: Measure, _until: int) -> float:
    """2 over the rate: a sharper valley than that throws plain descent out."""
    return 2 / session.race.runners[measure.runner].entry.rate


def _stable(session: Session, measure: Measure, until: int) -> float | None:
    """The first step from which on the sharpness stays within the edge."""
    return _since(_sharpnesses(session, measure, until) <= _edge(session, measure, until))


def _rises(session: Session, measure: Measure, until: int) -> float:
    """How many steps have raised the loss, by more than rounding does."""
    losses = _losses(session, measure, until)
    return float((losses[1:] > losses[:-1] * (1 + RISE)).sum())


def _losses(session: Session, measure: Measure, until: int) -> Tensor:
    losses = [session.measures(measure.runner, step)["loss"] for step in range(until + 1)]
    return torch.tensor(losses, dtype=torch.float64)


def _sharpnesses(session: Session, measure: Measure, until: int) -> Tensor:
    found = [_sharpness(session, measure, step) for step in range(until + 1)]
    return torch.tensor(found, dtype=torch.float64)


def _since(there: Tensor) -> float | None:
    first = float(arrival(there))
    return first if math.isfinite(first) else None


def _lowest(session: Session, measure: Measure) -> float:
    return session.landscape.lowest[session.race.runners[measure.runner].loss]


def _minimum(session: Session, measure: Measure) -> Tensor:
    return session.landscape.minima[session.race.runners[measure.runner].loss]


def _away(session: Session, measure: Measure, until: int) -> Tensor:
    path = torch.stack([session.weights(measure.runner, step) for step in range(until + 1)])
    return path - _minimum(session, measure)


def _bends(session: Session, measure: Measure) -> tuple[Tensor, Tensor]:
    data, neuron = session.race.data, session.race.runners[measure.runner].neuron
    batch = Batch(data.features, data.labels)
    return principal_curvatures(neuron.hessian(_minimum(session, measure), batch))


MEASURES: Mapping[str, Taken] = {
    **{name: _read(name) for name in ("loss", "accuracy", "gradient_norm", "moved")},
    "learned": _learned,
    "arrived": _arrived,
    "excess": _excess,
    "clean_accuracy": _clean_accuracy,
    "top_accuracy": _top_accuracy,
    "length": _length,
    "weight": _weight,
    "best_weight": _best_weight,
    "slope": _slope,
    "first_gradient": _first_gradient,
    "distance": _distance,
    "stride": _stride,
    "crossings": _crossings,
    "condition": _condition,
    "sharpness": _sharpness,
    "sharpest": _sharpest,
    "edge": _edge,
    "stable": _stable,
    "rises": _rises,
    "limit": _limit,
}

COORDINATE, STEPS = "coordinate", "steps"
DETAILS: Mapping[str, str] = {
    **dict.fromkeys(("weight", "best_weight", "slope"), COORDINATE),
    **dict.fromkeys(("distance", "stride"), STEPS),
}
"""Kinds whose ``detail`` is a whole number: a coordinate of theta, or how many of the last steps."""


def detail_range(kind: str, *, parameters: int, until: int) -> tuple[int, int] | None:
    """From where to where the ``detail`` of a kind may go; None where it need not be a whole number.

    Example:
        >>> detail_range("weight", parameters=3, until=60), detail_range("stride", parameters=3, until=60)
        ((0, 2), (1, 60))
    """
    return {COORDINATE: (0, parameters - 1), STEPS: (1, until)}.get(DETAILS.get(kind, ""))
