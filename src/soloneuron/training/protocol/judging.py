"""Tuning and judging: each method chooses on one half of the seeds, and is measured on the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.records.judged import JudgedMethod
from soloneuron.training.protocol.candidates import WIDENINGS, Candidates, CandidatesOrFault
from soloneuron.training.protocol.tuning import share_that_works, success_by_trials, three_choices


@dataclass(frozen=True)
class CostRequest:
    """Costs that are wanted.

    Attributes:
        method: which of the methods, by its place.
        candidates: the settings.
        seeds: the seeds.
    """

    method: int
    candidates: Candidates
    seeds: tuple[int, ...]


CostAnswer = Tensor | Exception | SystemExit
"""Costs (N, S, K) of N settings, S seeds and K targets, inf where one is not reached; or what was raised."""

CostSource = Callable[[Sequence[CostRequest]], Sequence[CostAnswer]]
"""Whoever knows the costs: by training, or by a formula."""


NONE_TRIED = Candidates((), ())
"""Of a method that could not even be made with a rate."""


@dataclass
class _Tuned:
    """One method while it is tuned.

    Attributes:
        candidates: the settings that were tried.
        given: how many of them were there before the grid was widened.
        costs: (N, T, K); none where it raised.
        fault: what it raised, or "".
        edge: the end of the grid at which the best setting stands.
    """

    candidates: Candidates
    given: int
    costs: Tensor | None = None
    fault: str = ""
    edge: str = ""

    def take(self, answer: CostAnswer) -> Tensor | None:
        """The costs, or a note of what was raised."""
        if isinstance(answer, Tensor):
            return answer
        self.fault, self.costs = _sentence(answer), None
        return None


def _sentence(fault: Exception | SystemExit) -> str:
    """What was raised, on one line; of a stranger's exception with its kind."""
    words = " ".join(str(fault).split())
    kind = "" if type(fault).__module__.startswith("soloneuron") else type(fault).__name__
    return ": ".join(part for part in (kind, words) if part)


def halves_of(seeds: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The seeds that tune, and those that judge: they take turns, in whatever order they came.

    One seed alone does both.

    Example:
        >>> halves_of((3, 1, 2, 0))
        ((0, 2), (1, 3))
    """
    ranked = tuple(sorted(set(seeds)))
    return ranked[0::2], ranked[1::2] or ranked


def judged_methods(
    names: Sequence[str],
    candidates: Sequence[CandidatesOrFault],
    seeds: Sequence[int],
    budget: int,
    ask: CostSource,
) -> tuple[JudgedMethod, ...]:
    """Tune and judge every method; what one does has no influence on another.

    Args:
        names: of the methods.
        candidates: the settings of each, or what it raised when they were made.
        seeds: all of them.
        budget: gradient evaluations of a run.
        ask: who knows the costs.

    Returns:
        What is known of each, in the same order. A method that raised is told with what it raised.
    """
    tuners, judges = halves_of(seeds)
    tuned = [
        _Tuned(one, len(one)) if isinstance(one, Candidates) else _Tuned(NONE_TRIED, 0, fault=_sentence(one))
        for one in candidates
    ]
    requests = [_request(tuned, place, tuners) for place, method in enumerate(tuned) if not method.fault]
    for request, answer in zip(requests, ask(requests) if requests else (), strict=True):
        tuned[request.method].costs = tuned[request.method].take(answer)
    _widen(tuned, tuners, budget, ask)
    chosen = {
        place: three_choices(method.candidates, method.costs, budget)
        for place, method in enumerate(tuned)
        if method.costs is not None
    }
    wanted = [
        CostRequest(place, tuned[place].candidates.only(sorted(set(three))), judges)
        for place, three in chosen.items()
    ]
    found = {
        request.method: tuned[request.method].take(answer)
        for request, answer in zip(wanted, ask(wanted) if wanted else (), strict=True)
    }
    return tuple(
        _record(name, method, chosen.get(place), found.get(place), budget)
        for place, (name, method) in enumerate(zip(names, tuned, strict=True))
    )


def _request(tuned: Sequence[_Tuned], place: int, seeds: tuple[int, ...]) -> CostRequest:
    return CostRequest(place, tuned[place].candidates, seeds)


def _widen(tuned: Sequence[_Tuned], seeds: tuple[int, ...], budget: int, ask: CostSource) -> None:
    """Widen the grids whose best rate is at an end, and note which stands there all the same."""
    for left in range(WIDENINGS, -1, -1):
        more = []
        for place, method in enumerate(tuned):
            method.edge = "" if method.costs is None else _edge(method.candidates, method.costs, budget)
            if method.edge and left:
                more.append(CostRequest(place, method.candidates.beyond(method.edge), seeds))
        for request, answer in zip(more, ask(more) if more else (), strict=True):
            method = tuned[request.method]
            costs = method.take(answer)
            if costs is not None and method.costs is not None:
                method.candidates = method.candidates.joined(request.candidates)
                method.costs = torch.cat([method.costs, costs])


def _edge(candidates: Candidates, costs: Tensor, budget: int) -> str:
    """Where the best setting stands; nowhere if none arrives at any target."""
    if not costs.isfinite().any():
        return ""
    return candidates.end(three_choices(candidates, costs, budget)[0])


def _record(
    name: str, tuned: _Tuned, chosen: tuple[int, int, int] | None, found: Tensor | None, budget: int
) -> JudgedMethod:
    """One method as it is told."""
    if tuned.costs is None or chosen is None or found is None:
        return _without_costs(name, tuned.fault)
    distinct = sorted(set(chosen))
    best, *halves = (found[distinct.index(place)] for place in chosen)
    given = tuned.costs[: tuned.given]
    rates = [one.get("learning_rate") for one in tuned.candidates.settings]
    known = [(rate, place) for place, rate in enumerate(rates) if rate is not None]
    order = [place for _, place in sorted(known)]
    return JudgedMethod(
        optimizer=name,
        settings=tuned.candidates.settings[chosen[0]],
        rates=tuple(rate for rate, _ in sorted(known)),
        tuning=tuned.costs[order, :, -1],
        costs=best,
        second=torch.stack([half[:, -1] for half in halves]),
        works=share_that_works(given),
        edge=tuned.edge,
        by_trials=success_by_trials(given, budget),
    )


def unrun_method(name: str, fault: Exception) -> JudgedMethod:
    """A method of which there is nothing but what it raised."""
    return _without_costs(name, _sentence(fault))


def _without_costs(name: str, fault: str) -> JudgedMethod:
    nothing = torch.empty(0, 0, dtype=torch.float64)
    return JudgedMethod(name, {}, (), nothing, nothing, nothing, 0.0, "", (), fault)
