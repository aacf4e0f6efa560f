"""What does the protocol of ``compare`` cost, and what does the guard around a step?

A comparison is timed whole, as a user calls it. A step of many runs stands beside one matrix product of its
size: (rows, columns) times (columns, runs), float64, as one tensor. The guarded step stands beside torch's.
Run: python benchmarks/compare.py
"""

import sys
import time

import torch

from optimizers import SGD, ours, theirs
from soloneuron import compare
from soloneuron.data.catalogue import make_dataset
from soloneuron.optimizers import Adam, Momentum
from soloneuron.training.cost_table import RATES
from soloneuron.training.minimize import training_on
from soloneuron.training.objectives import as_objective
from soloneuron.training.prepare import prepare

from harness import Report, in_turn

METHODS = ["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]
BUDGET, SEEDS, ROUNDS = 1000, 20, 3
RUNS = len(RATES) * SEEDS
SURFACE_SECONDS, ROWS_SECONDS = 5.0, 30.0
ONE_STEP, LARGE_STEP = 0.2, 2.0


def whole(report, name, task, asked):
    """CPU time of a comparison as it is called, the median of some: on idle cores no clock shows more."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        compare(task, METHODS, budget=BUDGET, seeds=SEEDS)
        taken.append(time.process_time() - began)
    work = f"compare on {name}: {len(METHODS)} methods, {len(RATES)} rates, {SEEDS} seeds"
    report.alone(work, sorted(taken)[ROUNDS // 2], asked=asked, note=f"CPU, {BUDGET} steps")


def matrix_product(rows, columns, runs=RUNS):
    """One product of the size of a step of all runs."""
    X, thetas = torch.rand(rows, columns, dtype=torch.float64), torch.rand(runs, columns, dtype=torch.float64)
    out = torch.empty(rows, runs, dtype=torch.float64)
    return lambda: torch.mm(X, thetas.T, out=out)


def steps_of(training, steps):
    """Seconds a step of a training with all its runs."""
    began = time.process_time()
    training.run()
    return (time.process_time() - began) / steps


def each_step(report, name, training, product, steps):
    """A step of all runs of Adam beside the product; they take turns."""
    rate = torch.tensor(RATES, dtype=torch.float64).repeat(SEEDS)[:, None]
    pairs = []
    for _ in range(ROUNDS):
        mine = steps_of(training(Adam(learning_rate=rate), steps), steps)
        pairs.append((mine, in_turn({"product": product}, 3, 20)["product"]))
    mine, other = (sorted(column)[ROUNDS // 2] for column in zip(*pairs, strict=True))
    report.share(f"adam on {name}, one step of {RUNS} runs", mine, "a matrix product of that size", other)


def guarded(report):
    """One step of the rules, all checks included, beside torch.optim's."""
    start = torch.rand(3)
    for name, rule, kind, settings in (
        ("adam", Adam(), torch.optim.Adam, {}),
        ("momentum", Momentum(), torch.optim.SGD, SGD),
    ):
        taken = in_turn({"ours": ours(rule, start), "torch": theirs(kind, settings, start)}, 9, 1000)
        report.share(f"{name}, one step, 3 parameters", taken["ours"], "torch", taken["torch"], ONE_STEP)
    start = torch.rand(10**7)
    rivals = {"ours": ours(Adam(), start), "fused": theirs(torch.optim.Adam, {"fused": True}, start)}
    taken = in_turn(rivals, 9)
    work = "adam, one step, 10,000,000 parameters"
    report.share(work, taken["ours"], "torch fused", taken["fused"], LARGE_STEP)


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    report = Report("What does the protocol of compare cost, and the guard around a step?", "torch")
    data = make_dataset("breast_cancer")
    rows, columns = data.features.shape
    whole(report, "rosenbrock", "rosenbrock", SURFACE_SECONDS)
    surface = as_objective("rosenbrock")
    each_step(
        report,
        "rosenbrock",
        lambda rule, steps: training_on(surface, torch.tensor([-1.2, 1.0], dtype=torch.float64), rule, steps),
        matrix_product(2, 2),
        BUDGET,
    )
    whole(report, "breast cancer, all rows", data, ROWS_SECONDS)
    each_step(
        report,
        "breast cancer, all rows",
        lambda rule, steps: prepare(data, optimizer=rule, epochs=steps, record_every=steps),
        matrix_product(rows, columns + 1),
        BUDGET // 10,
    )
    guarded(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
