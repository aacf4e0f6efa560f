"""How fast does one neuron train?  python benchmarks/neuron.py [name ...]

Public calls against rivals written as an expert would, each in a process of its own that has imported and set
up before the clock starts; all take turns. Figures and ratios are CPU seconds, the ratio of wall seconds is
in brackets; one thread unless said. Names of questions run these alone:

    full_batch adam mini_batch losses per_sample optimum small_calls cross_validation sparse memory
    automatic_rate probabilities sweeps five_points start_up
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from itertools import product

from harness import Report, in_turn, seconds, told
from neuron_arrival import cross_validation, optimum, sparse
from processes import Job, processes_in_turn
from questions import AtLeast, Within, ask, ours, theirs

TODAY = 0.053
"""CPU seconds of an Adam epoch on (4e5,50) before rules had kernels, on the machine of the figures."""


def tensors(function: str, **settings: object) -> Job:
    return Job(f"neuron_tensors:{function}", settings)


def full_batch(report: Report) -> None:
    shape = {"n": 100_000, "d": 30, "epochs": 40}
    rivals = {
        "its own engine": (ours("engine", **shape), Within(1.4)),
        "C loop, gcc -O3": (tensors("c_loop", **shape), Within(1.6)),
        "C loop, gcc -O3 -ffast-math": (tensors("c_loop", **shape, flags=["-ffast-math"]), Within(1.6)),
        "JAX scan": (tensors("jax_scan", **shape), None),
    }
    ask(report, "fit (1e5,30) float32, 40 epochs, all recorded", ours("whole", **shape), rivals)
    shapes = (((1_000_000, 2), 2.7), ((100_000, 30), 2.2), ((1_000_000, 30), 1.9), ((200_000, 500), 2.2))
    for (n, d), asked in shapes:
        # Enough epochs that their difference stands out of what the layout of the rows costs.
        epochs = max(20, round(1.5e8 / (n * d)))
        call = ours("epoch", n=n, d=d, between=(2, 2 + epochs))
        rivals = {"torch.nn, fused SGD": (tensors("torch_full", n=n, d=d, epochs=epochs), AtLeast(asked))}
        ask(report, f"full-batch epoch ({n:.0e},{d}) float32", call, rivals)


def adam(report: Report) -> None:
    for n, d, epochs in ((100_000, 30, 100), (400_000, 50, 40)):
        call = ours("epoch", n=n, d=d, between=(2, 2 + epochs), optimizer="adam", learning_rate=0.01)
        engine = ours("engine", n=n, d=d, epochs=epochs, units=epochs)
        rivals = {"plain descent engine": (engine, Within(1.5))}
        work = f"Adam, full-batch epoch ({n:.0e},{d}) float32"
        taken = ask(report, work, call, rivals)
        if n == 400_000 and taken:
            then = TODAY * report.factor
            report.faster(work, taken.cpu, "before rules had kernels", then, 3.5, note="figure x factor")


def mini_batch(report: Report) -> None:
    n, d, m, updates = 20_000, 30, 32, 625
    batches = {"n": n, "d": d, "between": (1, 4), "batch_size": m, "shuffle": True, "seed": 0}
    fused = {"adam": ("Adam", {}), "adamw": ("AdamW", {}), "momentum": ("SGD", {"momentum": 0.9})}
    for rule, (name, settings) in fused.items():
        call = ours("epoch", **batches, units=updates, optimizer=rule, learning_rate=0.01)
        rival = tensors(
            "torch_batches", n=n, d=d, batch=m, units=updates, optimizer=name, lr=0.01, **settings
        )
        rivals = {f"torch.nn, fused {name}": (rival, AtLeast(5))}
        ask(report, f"{rule}, batch 32, d=30, an update", call, rivals)
    call = ours("epoch", **batches)
    shape = {"n": n, "d": d}
    rivals = {
        "SGDClassifier epoch": (
            theirs("sgd_epoch", **shape, between=(2, 12), rate=0.1, shuffle=True),
            Within(1.5),
        ),
        "torch.nn, fused SGD, gathered": (tensors("torch_batches", **shape, batch=m), AtLeast(35)),
        "torch.nn, DataLoader": (tensors("torch_batches", **shape, batch=m, loader=True), AtLeast(55)),
        "SGDClassifier.partial_fit a batch": (theirs("sgd_partial_fit", **shape, batch=m), AtLeast(45)),
    }
    ask(report, "batch 32 epoch (2e4,30) float32, shuffled", call, rivals)


def losses(report: Report) -> None:
    batches = {"n": 20_000, "d": 30, "batch_size": 32, "shuffle": True, "seed": 0}
    works: Mapping[str, dict[str, object]] = {
        "MSE": {"loss": "mse"},
        "focal": {"loss": "focal"},
        "hinge": {"loss": "hinge"},
        "NLL, sample weights": {"weighted": True},
        "NLL, class weights": {"class_weight": "balanced"},
        "NLL, L2": {"penalty": "l2"},
    }
    plain = ours("engine", **batches, epochs=3, units=3)
    for name, settings in works.items():
        call = ours("epoch", **batches, between=(1, 4), **settings)
        rivals = {"plain NLL engine": (plain, Within(2))}
        ask(report, f"{name}, batch 32 epoch (2e4,30)", call, rivals)


def per_sample(report: Report) -> None:
    shape = {"n": 20_000, "d": 30}
    # |x|^2 is about 2 with the bias: both rates are within what exact blocks are made for.
    for (shuffle, asked), rate in product(((False, 1.2), (True, 2.0)), (0.1, 1.0)):
        rows = {"batch_size": 1, "shuffle": shuffle, "seed": 0 if shuffle else None, "learning_rate": rate}
        call = ours("epoch", **shape, between=(2, 12), **rows)
        rival = theirs("sgd_epoch", **shape, between=(2, 12), rate=rate, shuffle=shuffle)
        rivals = {"SGDClassifier": (rival, Within(asked))}
        order = "shuffled" if shuffle else "in order"
        ask(report, f"per-sample epoch (2e4,30) f32, rate {rate:g}, {order}", call, rivals)
    for n, d, asked in ((4096, 500, 1.5), (1024, 5000, 3.0)):
        settings = {"batch_size": 1, "epochs": 20, "record_every": 20}
        rival = theirs("sgd_partial_fit", n=n, d=d, epochs=20)
        rivals = {"SGDClassifier.partial_fit": (rival, AtLeast(asked))}
        call = ours("whole", n=n, d=d, **settings)
        ask(report, f"per-sample, 20 epochs ({n},{d}) float32", call, rivals)


def small_calls(report: Report) -> None:
    rivals = {"SGDClassifier().fit": (theirs("sgd_fit", points=True), Within(3))}
    ask(report, "NeuronClassifier().fit on 5 x 2", ours("five_points_classifier"), rivals, rounds=5, calls=20)
    rows = {"n": 100, "d": 30}
    rivals = {"SGDClassifier().partial_fit": (theirs("sgd_fit", **rows), Within(3))}
    ask(report, "partial_fit of 100 rows, d=30", ours("partial_fit", **rows), rivals, rounds=5, calls=50)


def memory(report: Report) -> None:
    shape = {"n": 1_000_000, "d": 30, "epochs": 3}
    found = processes_in_turn({"ours": ours("memory", **shape)}, rounds=1, warm=0)["ours"].found
    report.share("fit (1e6,30) float32, memory added", found["added"], "the data", found["data"], 1.7, "MB")


def automatic_rate(report: Report) -> None:
    shape = {"n": 2_000, "d": 5_000, "epochs": 300}
    rivals = {"the same with a rate given": (ours("whole", **shape), Within(1.3))}
    call = ours("whole", **shape, learning_rate="auto")
    ask(report, 'rate "auto", (2000,5000) float32, 300 epochs', call, rivals)


def probabilities(report: Report) -> None:
    shape = {"n": 1_000_000, "d": 30}
    rivals = {"LogisticRegression": (theirs("probabilities", **shape), AtLeast(1))}
    ask(report, "predict_proba (1e6,30) float32", ours("probabilities", **shape), rivals)


def sweeps(report: Report) -> None:
    pool = {"joblib + SGDClassifier, 2 processes": (theirs("sgd_pool", count=1000), AtLeast(50))}
    work = "sweep of {} learning rates, per-sample, 5 x 2"
    # What joblib's processes compute does not count in the CPU time of the one that waits for them.
    ask(report, work.format("1,000"), ours("rates", count=1000), pool, clock="wall")
    loop = {"numba loop": (theirs("numba_rates", count=10_000), AtLeast(5))}
    ask(report, work.format("10,000"), ours("rates", count=10_000), loop)


def five_points(report: Report) -> None:
    for size, asked in ((None, 30), (1, 150)):
        kind = "full batch" if size is None else "per-sample"
        rival = tensors("torch_five_points", batch_size=size)
        rivals = {"torch.nn, fused SGD": (rival, AtLeast(asked))}
        if size:
            rivals["SGDClassifier.fit"] = (theirs("sgd_five_points"), AtLeast(1.3))
        call = ours("five_points", batch_size=size)
        ask(report, f"train_neuron 5 x 2, 100 epochs, {kind}", call, rivals, calls=10)


def start_up(report: Report) -> None:
    def python(*words):
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    asked = {"import soloneuron": 0.15, "soloneuron --help": 0.5, "an empty Python": None}
    words = (("-c", "import soloneuron"), ("-m", "soloneuron", "--help"), ("-c", "pass"))
    taken = in_turn(dict(zip(asked, (python(*some) for some in words), strict=True)), 5)
    for name, time in taken.items():
        report.alone(name, time, asked=asked[name], note="wall")


PARTS = (
    full_batch,
    adam,
    mini_batch,
    losses,
    per_sample,
    optimum,
    small_calls,
    cross_validation,
    sparse,
    memory,
    automatic_rate,
    probabilities,
    sweeps,
    five_points,
    start_up,
)


def main() -> int:
    names = [part.__name__ for part in PARTS]
    unknown = [name for name in sys.argv[1:] if name not in names]
    if unknown:
        sys.exit(f"no such question: {unknown[0]}; there are {', '.join(names)}")
    report = Report(
        "How fast does one neuron train? Medians of CPU seconds, a process a rival, in turn.",
        *("torch", "numpy", "scikit-learn", "joblib", "numba", "jax"),
    )
    chosen = [part for part in PARTS if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]]
    taken = sum(seconds(lambda: part(report)) for part in chosen)
    print(f"\n{told(taken)} in all")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
