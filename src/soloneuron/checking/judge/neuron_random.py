"""Random rows for a trainer, shrunk to the smallest on which it is wrong."""

from __future__ import annotations

import random
from typing import Any

from soloneuron.checking.judge.neuron_models import NeuronModel
from soloneuron.checking.judge.neurons import NeuronRun, neuron_example
from soloneuron.checking.judge.results import PointList
from soloneuron.checking.judge.search import random_point

MOST_CALLS = 25


def random_call(run: NeuronRun, points: PointList, model: NeuronModel, seed: int) -> None:
    """The point of random rows, where all that was demanded holds."""

    def wrong(drawn: Any) -> bool:
        run.calls["random"] = run.begun(written_call(drawn))
        run.answers.pop("random", None)
        return run.update_distance(model, ["random"]) > run.tolerance

    tried = random_point(points, _strategy, _drawn, wrong, seed, MOST_CALLS)
    if tried is not None:
        points.fails("random", neuron_example(run, "random", model), programs=tried)


def written_call(drawn: tuple[list[tuple[int, int, int]], int, int]) -> dict[str, Any]:
    """A call of small whole numbers.

    Example:
        >>> written_call(([(1, -2, 1)], 3, 2))["features"]
        [[0.5, -1.0]]
    """
    rows, rate, epochs = drawn
    return {
        "features": [[one / 2, other / 2] for one, other, _ in rows],
        "labels": [label for *_, label in rows],
        "weights": [0.5, -0.25],
        "bias": 0.1,
        "rate": rate / 10,
        "epochs": epochs,
    }


def _strategy(st: Any) -> Any:
    row = st.tuples(st.integers(-6, 6), st.integers(-6, 6), st.integers(0, 1))
    return st.tuples(st.lists(row, min_size=1, max_size=6), st.integers(1, 10), st.integers(1, 6))


def _drawn(generator: random.Random, size: int) -> Any:
    rows = [
        (generator.randint(-6, 6), generator.randint(-6, 6), generator.randint(0, 1)) for _ in range(size)
    ]
    return rows, generator.randint(1, 10), generator.randint(1, size)
