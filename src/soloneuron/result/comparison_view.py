"""How a comparison shows itself: the verdict, a table of methods, a table of pairs, and its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from soloneuron.figures.inline import Line, inline_curve
from soloneuron.formulas.profiles import performance_profile
from soloneuron.records.findings import Chart, Series
from soloneuron.records.judged import JudgedComparison, JudgedMethod, JudgedPair
from soloneuron.result.view import View, sentence
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number
from soloneuron.texts.phrases import Phrase
from soloneuron.texts.translation import translated
from soloneuron.training.protocol.verdicts import said_verdict, short_ratio

PROFILE_FACTORS = 60
"""So many factors make the curve of a profile,"""

LEAST_SPAN = 4.0
"""and it goes to this factor at least."""


def comparison_view(found: JudgedComparison, words: str) -> View:
    """What is shown of a comparison."""
    heads = tuple(
        text(words, f"views.{key}") for key in ("optimizer", "best_rate", "cost", "band", "arrived", "share")
    )
    table = tuple(_row(method, words) for method in found.methods)
    budget_of = "views.budget_of" if len(found.seeds) > 1 else "views.budget_of_one"
    rows = [
        (text(words, "views.task"), found.task),
        (
            text(words, "views.budget"),
            text(words, budget_of, budget=found.budget, seeds=len(found.seeds)),
        ),
        (text(words, "views.target"), text(words, "views.target_of", target=shown_number(found.target))),
    ]
    rows += [(f"{pair.first} : {pair.second}", _pair(pair, found.winner, words)) for pair in found.pairs]
    rows += [(method.optimizer, _note(method, words)) for method in found.methods if _note(method, words)]
    lines = [Line(factors, shares, name=name) for name, factors, shares in _profiles(found)]
    title = text(words, "views.profile", task=found.task)
    curve = inline_curve(lines, x=text(words, "views.factor"), title=title, log_x=True) if lines else ""
    return View(words, sentence(said_verdict(found, words)), tuple(rows), curve, heads, table)


def _row(method: JudgedMethod, words: str) -> tuple[str, ...]:
    never = text(words, "views.never")
    if method.fault:
        return (method.optimizer, *[never] * 5)
    low, high = method.band
    band = "-".join(never if math.isinf(end) else f"{end:.0f}" for end in (low, high))
    return (
        method.optimizer,
        _rate(method, words),
        never if math.isinf(method.median) else f"{method.median:.0f}",
        never if math.isinf(low) else f"{low:.0f}" if low == high else band,
        f"{method.arrived:.0%}",
        f"{method.works:.0%}",
    )


def _rate(method: JudgedMethod, words: str) -> str:
    """What the tuning chose; nothing where none of the rates led to any target."""
    if method.best_rate is None:
        return text(words, "views.own_rate")
    arrives = method.costs.isfinite().any() or method.tuning.isfinite().any()
    return f"{method.best_rate:.3g}" if arrives else text(words, "views.never")


def _pair(pair: JudgedPair, winner: str | None, words: str) -> str:
    # The pairs of a winner are one statement, so they are not corrected for each other.
    p = pair.p_pair if pair.first == winner else pair.p
    ratio, low, high = map(short_ratio, (pair.ratio, pair.low, pair.high))
    if math.isinf(high):
        return text(words, "views.pair_few", ratio=ratio)
    key = "views.pair" if pair.clear else "views.pair_unclear"
    return text(words, key, ratio=ratio, low=low, high=high, p=p)


def _note(method: JudgedMethod, words: str) -> str:
    """What must be known of a method besides: it raised, or its best rate is at the end of the grid."""
    if method.fault:
        return text(words, "views.raised", fault=translated(method.fault, words))
    if method.edge:
        return text(words, f"views.edge_{method.edge}", rate=f"{method.best_rate:.3g}")
    others = {name: value for name, value in method.settings.items() if name != "learning_rate"}
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in others.items()
    )


def _profiles(found: JudgedComparison) -> list[tuple[str, list[float], list[float]]]:
    """For each method that ran the factors and the share of problems: judging seeds times targets."""
    ran = [method for method in found.methods if not method.fault]
    if not ran:
        return []
    costs = torch.stack([method.costs.flatten() for method in ran])
    finite = costs / costs.amin(0)
    worst = float(finite[finite.isfinite()].amax()) if finite.isfinite().any() else 1.0
    factors = torch.logspace(0, math.log10(max(LEAST_SPAN, worst)), PROFILE_FACTORS, dtype=torch.float64)
    shares = performance_profile(costs.clamp(min=1.0), factors * (1 + 1e-12))
    return [
        (method.optimizer, factors.tolist(), own.tolist()) for method, own in zip(ran, shares, strict=True)
    ]


def comparison_charts(found: JudgedComparison) -> dict[str, Chart]:
    """The figures of a comparison by name."""
    ran = [method for method in found.methods if not method.fault]
    way = [(target - found.lowest) / (found.start - found.lowest) for target in found.targets]
    # A target of the caller's may be the lowest value that is known.
    way = [share if share > 0 else way[-2] / 3 for share in way]
    to_targets = [
        Series(method.optimizer, tuple(way), _finite(method.costs.quantile(0.5, 0, interpolation="higher")))
        for method in ran
    ]
    at_rates = [
        Series(
            method.optimizer, method.rates, _finite(method.tuning.quantile(0.5, 1, interpolation="higher"))
        )
        for method in ran
        if len(method.rates) > 1
    ]
    tried = [
        Series(
            method.optimizer,
            tuple(count for count, _ in method.by_trials),
            tuple(share for _, share in method.by_trials),
        )
        for method in ran
    ]
    profiles = [Series(name, tuple(factors), tuple(shares)) for name, factors, shares in _profiles(found)]
    return {
        "profile": _chart("profile", found, profiles, "factor", "problems", "x"),
        "targets": _chart("costs_to_targets", found, to_targets, "way_left", "cost", "xy"),
        "rates": _chart("costs", found, at_rates, "rate", "cost", "xy"),
        "tuning": _chart("tuned", found, tried, "trials", "reached", "x"),
    }


def _chart(title: str, found: JudgedComparison, lines: Sequence[Series], x: str, y: str, log: str) -> Chart:
    words = Phrase(f"views.{title}", {"task": found.task})
    return Chart("lines", words, tuple(lines), Phrase(f"views.{x}"), Phrase(f"views.{y}"), log=log)


def _finite(costs: Tensor) -> tuple[float | None, ...]:
    return tuple(cost if math.isfinite(cost) else None for cost in costs.tolist())
