"""Random rows for a trainer, shrunk to the smallest on which it is wrong."""

from __future__ import annotations

import random
from typing import Any

from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.neuron_models import NeuronModel
from soloneuron.checking.judge.neurons import NeuronRun, numbers_shown, right_numbers
from soloneuron.checking.judge.results import PointList, fault_example
from soloneuron.checking.judge.search import smallest
from soloneuron.checking.records import Counterexample

MOST_CALLS = 25


def random_call(run: NeuronRun, points: PointList, model: NeuronModel, seed: int) -> None:
    """The point of random rows, where all that was demanded holds."""
    if points.blocked("random"):
        return
    tried = 0

    def wrong(drawn: Any) -> bool:
        nonlocal tried
        tried += 1
        run.calls["random"] = run.begun(written_call(drawn))
        run.answers.pop("random", None)
        return run.update_distance(model, ["random"]) > run.tolerance

    found = smallest(_strategy, _drawn, wrong, seed, MOST_CALLS)
    if found is None:
        points.holds("random", programs=tried)
        return
    wrong(found)
    fault = run.answer("random").fault
    want = number_shown([round(one, 4) for one in right_numbers(run.calls["random"], model)])
    program = run.shown_call("random")
    example = (
        fault_example(program, fault, want)
        if fault is not None
        else Counterexample(program, "weights, bias", numbers_shown(run.numbers("random")), want)
    )
    points.fails("random", example, programs=tried)


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
