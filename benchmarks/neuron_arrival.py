"""Questions of ``neuron.py`` about arriving: how long until what was wanted is there."""

from __future__ import annotations

from harness import Report
from neuron_data import ARRIVED
from processes import Job, processes_in_turn
from questions import AtLeast, ask, ours, theirs

SPARSE_ARRIVED = 1e-3


def _least(job: Job) -> float:
    """The optimum, found once by a tight solve."""
    return processes_in_turn({"optimum": job}, rounds=1, warm=0)["optimum"].found["loss"]


def optimum(report: Report) -> None:
    """The rivals stop at the first number of iterations that arrives; ours is the estimator as it is."""
    for n, d in ((100_000, 30), (1_000_000, 30), (50_000, 500)):
        shape = {"n": n, "d": d}
        goal = {"optimum": _least(theirs("optimum", **shape)), "within": ARRIVED}
        for unequal in (False, True):
            rows = {**shape, "unequal": unequal, **goal}
            # Nobody gives lbfgs columns of such sizes: the scaling counts.
            name = "StandardScaler + sklearn lbfgs" if unequal else "sklearn lbfgs"
            rivals = {
                "sklearn newton-cholesky": (theirs("logistic", **rows, solver="newton-cholesky"), AtLeast(1)),
                name: (theirs("logistic", **rows, solver="lbfgs", scaled=unequal), AtLeast(1)),
            }
            if not unequal:
                rivals["torch.optim.LBFGS"] = (
                    Job("neuron_tensors:torch_lbfgs", {**shape, **goal}), None
                )  # fmt: skip
            work = f"to 1e-4 of the optimum ({n:.0e},{d})" + (", unequal columns" if unequal else "")
            rounds = 3 if n * d < 1e7 else 1
            ask(report, work, ours("classifier", **rows), rivals, rounds=rounds, warm=0)
            fewest = {name: (job, None) for name, (job, _) in rivals.items()}
            call = ours("classifier", **rows, fewer=True)
            ask(report, "the same by the fewest iterations", call, fewest, rounds=rounds, warm=0)


def cross_validation(report: Report) -> None:
    shape = {"n": 2000, "d": 20, "count": 50, "folds": 5, "epochs": 100}
    rivals = {"GridSearchCV(SGDClassifier), 2 processes": (theirs("grid_search", **shape), AtLeast(8))}
    call = ours("cross_validated", threads=2, **shape, batch_size=32)
    work = "NeuronClassifierCV 50 rates x 5 folds (2000,20), wall"
    ask(report, work, call, rivals, rounds=1, warm=0, clock="wall")


def sparse(report: Report) -> None:
    rival = theirs("sparse_sgd_epoch", between=(1, 4))
    call = ours("sparse_epoch", between=(2, 42))
    ask(
        report,
        "sparse 1e5 x 1e5, full-batch epoch",
        call,
        {"SGDClassifier epoch": (rival, AtLeast(1))},
        rounds=3,
    )
    goal = {"l2": 1e-4, "within": SPARSE_ARRIVED}
    goal["optimum"] = _least(theirs("sparse_optimum", l2=goal["l2"]))
    rivals = {
        "SGDClassifier": (theirs("sparse_fit", **goal, solver="sgd"), AtLeast(1)),
        "SGDClassifier, averaged": (theirs("sparse_fit", **goal, solver="averaged"), AtLeast(1)),
        "sklearn lbfgs": (theirs("sparse_fit", **goal, solver="lbfgs"), None),
    }
    call = ours("sparse_classifier", **goal)
    ask(report, "sparse, l2=1e-4, to 1e-3 of the optimum", call, rivals, rounds=3, warm=0)
    fewest = {name: (job, None) for name, (job, _) in rivals.items()}
    call = ours("sparse_classifier", **goal, fewer=True)
    ask(report, "the same by the fewest iterations", call, fewest, rounds=3, warm=0)
