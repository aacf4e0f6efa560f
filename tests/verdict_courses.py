"""Courses whose truth is known: what each method costs is a formula with seeded noise, and nothing runs."""

import math

import torch

from soloneuron.training.cost_table import RATES
from soloneuron.training.protocol.candidates import rate_grid
from soloneuron.training.protocol.judging import judged_methods
from soloneuron.training.protocol.verdicts import verdict_of

BUDGET = 1000
TARGETS = (0.1, 0.01, 0.001)


def answers(factors, draw, *, scatter=0.3, steepness=0.3, seeds=20, least=50.0):
    """Who knows the costs of methods that need ``factors`` times the least, each at its own best rate."""
    generator = torch.Generator().manual_seed(draw)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    # What starts have in common does not tell one method from another.
    common, own = 0.5 * normal(seeds), scatter / math.sqrt(2) * normal(len(factors), seeds)
    best = 10 ** (-1 + 0.5 * normal(len(factors)))

    def ask(requests):
        found = []
        for request in requests:
            rates = torch.tensor([one["learning_rate"] for one in request.candidates.settings])
            away = (rates.double() / best[request.method]).log()
            at = torch.tensor(request.seeds)
            logs = steepness * away[:, None] ** 2 + common[at] + own[request.method][at]
            costs = least * factors[request.method] * logs.exp()
            each = torch.stack([costs / 4, costs / 2, costs], -1).ceil()
            found.append(torch.where(each <= BUDGET, each, torch.inf))
        return found

    return ask


def verdict(factors, draw, *, names=None, offset=0.0, seeds=range(20), **options):
    """The judged comparison on such a course; the grid is moved up by ``offset`` of its steps."""
    names = [f"m{k}" for k in range(len(factors))] if names is None else names
    grid = rate_grid([rate * 10 ** (offset / 4) for rate in RATES])
    ask = answers(factors, draw, seeds=max(seeds) + 1, **options)
    methods = judged_methods(names, [grid] * len(factors), seeds, BUDGET, ask)
    return verdict_of(
        "course", methods, budget=BUDGET, seeds=tuple(seeds), start=1.0, lowest=0.0, targets=TARGETS
    )
