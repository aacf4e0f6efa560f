"""``compare``: which optimizer is the fastest, and whether that can be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soloneuron.records.comparison import Comparison
from soloneuron.training.compare import RATES, compare_optimizers


def compare(
    task: Any,
    optimizers: Sequence[Any],
    *,
    start: Any = None,
    steps: int | None = None,
    epochs: int | None = None,
    rates: Sequence[float] = RATES,
    seeds: Sequence[int] = (0,),
    target: float | None = None,
    share: float = 1e-4,
    **settings: Any,
) -> Comparison:
    """Run every optimizer at every rate of one grid, each grid as one batched tensor, and judge.

    A method is judged at its own best rate, and by how many rates work at all. Cost is counted in gradient
    evaluations (a line search pays for each of its own), not in epochs or seconds, and all have the same
    budget of them. A method has arrived when its value stays at or below the target until the budget is
    spent; who passes by has not. On a Dataset the objective is looked at after every epoch, so in batches the
    cost is rounded up to whole epochs.

    Args:
        task: a Dataset, on which one neuron is trained, or the ``objective`` of the settings; or what
            ``minimize`` takes for a function.
        optimizers: names of the catalogue, Optimizers without a rate of their own, also your own.
        start: theta or the point to start from; None is zeros for the neuron, else the usual start of the
            objective. For a function also (S, k), as many starts, over which a method is judged as over
            seeds.
        steps: the budget of every run in gradient evaluations, >= 1; 300 for a function. On a Dataset whole
            epochs are made of them, rounded up.
        epochs: on a Dataset, passes over the rows in the place of ``steps``, >= 1; 300 unless one is given.
        rates: the grid, finite numbers > 0.
        seeds: for a Dataset with batches: one training of the whole grid for each order of rows.
        target: the value that counts as reached; None is the lowest value plus ``share`` of the way down from
            the first start.
        share: see target; in (0, 1).
        settings: for a Dataset, those of ``prepare``: objective, loss, penalty, batch_size and so on.

    Returns:
        A Comparison. Seeds or starts are pairs: the winner needs fewer evaluations than every other from each
        of them, and fewer by a factor 1.3 from more than half; else there is none.

    Raises:
        InputError: an optimizer that has a rate of its own, or anything that the parts refuse.

    Example:
        >>> found = compare("ravine", ["gradient_descent", "momentum"], steps=400)
        >>> found.winner
        'momentum'
    """
    return compare_optimizers(
        task,
        optimizers,
        start=start,
        steps=steps,
        epochs=epochs,
        rates=rates,
        seeds=seeds,
        target=target,
        share=share,
        **settings,
    )
