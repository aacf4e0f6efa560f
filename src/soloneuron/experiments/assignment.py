"""Are the assignment's own numbers right? Its four runs and its two examples, digit by digit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from soloneuron.data.assignment import LEARNING_RATE, START, assignment_data
from soloneuron.data.printed_results import (
    ELEMENT_GRADIENTS,
    EXAMPLE_ANSWER,
    EXAMPLE_EPOCHS,
    EXAMPLE_FEATURES,
    EXAMPLE_LABELS,
    PRINTED,
)
from soloneuron.element import Element
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.trained import train_run
from soloneuron.records.findings import Chart, Row, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.training.prepare import prepare

NAMES = ("run_1", "run_2", "run_3", "run_4")

CONVENTIONS: tuple[dict[str, Any], ...] = (
    {"loss": "nll"},
    {"loss": "nll", "reduction": "sum"},
    {"loss": "nll", "batch_size": 1},
    {"loss": "mse"},
    {"loss": "mse", "reduction": "sum"},
    {"loss": "mse", "batch_size": 1},
)


@dataclass(frozen=True)
class AssignmentRuns(Experiment):
    """Repeat what the assignment printed, and count the digits that agree."""

    name = "assignment"
    quick_sizes: ClassVar = {}
    untested = frozenset({*NAMES, "fault", "example", "element"})

    def measure(self) -> Measured:
        """The four runs, the student's order of updates replayed, and both examples."""
        runs = four_runs()
        ours = {name: printed_values(name, run) for name, run in runs.items()}
        numbers: dict[str, float] = {}
        for name, printed in zip(NAMES, PRINTED, strict=True):
            numbers |= compared(name, ours[name], printed.values)
        for name, values in zip(("replay_2", "replay_3"), replays(), strict=True):
            numbers |= compared(name, values, PRINTED[int(name[-1]) - 1].values)
        answers = [example(convention) for convention in CONVENTIONS]
        gradients = element_gradients()
        numbers["example_matches"] = sum(answer == flat(EXAMPLE_ANSWER) for answer in answers)
        numbers["conventions"] = len(answers)
        numbers["element_matches"] = sum(gradients[x] == ELEMENT_GRADIENTS[x] for x in gradients)
        numbers["element_values"] = len(gradients)
        sheets = (
            data_sheet(self),
            runs_sheet(self, ours),
            example_sheet(self, answers),
            element_sheet(self, gradients),
        )
        return Measured(numbers, sheets, charts(self, runs), runs)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Which runs agree, whether the replayed fault explains the rest, and whether the examples exist."""
        verdicts = []
        for name in NAMES:
            count, equal, worst = (numbers[f"{name}.{part}"] for part in ("count", "equal", "worst"))
            fields = {"count": count, "equal": equal, "differ": count - equal, "worst": worst}
            verdicts.append(cls.verdict(name, equal == count, **fields))
        missed = sum(numbers[f"replay_{k}.count"] - numbers[f"replay_{k}.equal"] for k in (2, 3))
        verdicts.append(cls.verdict("fault", missed == 0, missed=missed))
        matches, asked = numbers["example_matches"], numbers["conventions"]
        verdicts.append(cls.verdict("example", matches == 0, matches=matches, conventions=asked))
        same, of = numbers["element_matches"], numbers["element_values"]
        verdicts.append(cls.verdict("element", same < of, same=same, differ=of - same, of=of))
        return tuple(verdicts)


def four_runs() -> dict[str, RunRecord]:
    """The runs of the assignment; its rate for the squared error counts without the factor 2."""
    data, (weights, bias) = assignment_data(), START
    start = [*weights, bias]
    half = {"loss": "mse", "learning_rate": LEARNING_RATE / 2, "epochs": 100}
    one = train_run(data, initial=start, loss="nll", learning_rate=LEARNING_RATE, epochs=100, batch_size=1)
    two = train_run(data, initial=start, **half, batch_size=1)
    three = train_run(data, initial=two.history.theta[-1], **half, reduction="sum")
    norm: dict[str, Any] = {"optimizer": "adagrad_norm", "learning_rate": 1.0, "reduction": "sum"}
    four = train_run(data, initial=start, loss="nll", epochs=50, **norm)
    return dict(zip(NAMES, (one, two, three, four), strict=True))


def printed_values(name: str, run: RunRecord) -> tuple[float, ...]:
    """What the notebook would have printed of a run; its fourth prints sums of losses, not means."""
    count = len(run.data.labels) if name == "run_4" else 1
    losses = run.history.loss * count
    return tuple(round(value, 4) for value in (*run.history.theta[-1].tolist(), *losses.tolist()))


def compared(name: str, ours: tuple[float, ...], printed: tuple[float, ...]) -> dict[str, float]:
    """How many printed numbers there are, how many are equal to four decimals, and the worst distance."""
    apart = [abs(x - y) for x, y in zip(ours, printed, strict=True)]
    equal = sum(distance < 5e-5 for distance in apart)
    return {f"{name}.count": len(apart), f"{name}.equal": equal, f"{name}.worst": round(max(apart), 4)}


def replays() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Runs 2 and 3 as the student computed them: the bias is updated with the weights already moved."""
    data, (weights, bias) = assignment_data(), START
    rows = list(zip(data.features.tolist(), data.labels.tolist(), strict=True))
    theta = [*weights, bias]
    second = _replay(theta, [[row] for row in rows])
    return second, _replay(theta, [rows])


def _replay(theta: list[float], batches: list[list[tuple[list[float], float]]]) -> tuple[float, ...]:
    """A hundred epochs of squared error in place, without the factor 2, weights first; rounded at the end."""
    losses, count = [], sum(len(batch) for batch in batches)
    for _ in range(100):
        total = 0.0
        for batch in batches:
            errors = [_sigmoid(theta, x) - y for x, y in batch]
            total += sum(error * error for error in errors)
            pulls = [error * slope(theta, x) for error, (x, _) in zip(errors, batch, strict=True)]
            for j in range(2):
                theta[j] -= LEARNING_RATE * sum(p * x[j] for p, (x, _) in zip(pulls, batch, strict=True))
            if len(batch) == 1:
                pulls = [errors[0] * slope(theta, batch[0][0])]
            theta[2] -= LEARNING_RATE * sum(pulls)
        losses.append(total / count)
    return tuple(round(value, 4) for value in (*theta, *losses))


def _sigmoid(theta: list[float], x: list[float]) -> float:
    """The probability of one row, in plain numbers."""
    return 1 / (1 + math.exp(-(theta[0] * x[0] + theta[1] * x[1] + theta[2])))


def slope(theta: list[float], x: list[float]) -> float:
    """p (1 - p)."""
    p = _sigmoid(theta, x)
    return p * (1 - p)


def example(convention: dict[str, Any]) -> tuple[float, ...]:
    """Task 1's example under a convention: two weights, the bias, two losses."""
    weights, bias = START
    options = {"learning_rate": LEARNING_RATE, "epochs": EXAMPLE_EPOCHS, **convention}
    done = prepare(EXAMPLE_FEATURES, EXAMPLE_LABELS, initial=[*weights, bias], **options).run()
    return tuple(round(value, 4) for value in (*done.state.theta.tolist(), *done.losses.tolist()))


def flat(answer: Any) -> tuple[float, ...]:
    """Weights, bias and losses in one row."""
    weights, bias, losses = answer
    return (*weights, bias, *losses)


def element_gradients() -> dict[str, float]:
    """Task 2's example: e = relu(a + b c) at a = 2, b = -3, c = 10."""
    a, b, c = Element(2, "a"), Element(-3, "b"), Element(10, "c")
    d = a + b * c
    e = d.relu()
    e.backward()
    return {name: float(node.grad) for name, node in zip("abcde", (a, b, c, d, e), strict=True)}


def data_sheet(one: AssignmentRuns) -> Sheet:
    """The rows that the four runs learn from."""
    data = assignment_data()
    pairs = zip(data.features.tolist(), data.labels.tolist(), strict=True)
    rows = tuple((*x, int(y)) for x, y in pairs)
    return Sheet(one.word("data"), (*data.feature_names, shared("label")), rows)


def runs_sheet(one: AssignmentRuns, ours: dict[str, tuple[float, ...]]) -> Sheet:
    """The end of each run, printed and ours, and how many of all numbers agree."""
    rows: list[Row] = []
    for name, printed in zip(NAMES, PRINTED, strict=True):
        equal = sum(abs(x - y) < 5e-5 for x, y in zip(ours[name], printed.values, strict=True))
        agree = f"{equal}/{len(printed.values)}"
        for kind, values, note in (("printed", printed.values, ""), ("ours", ours[name], agree)):
            shown = (f"{value:.4f}" for value in (*values[:4], values[-1]))
            rows.append((one.word(name), shared(kind), *shown, note))
    heads = (shared("run"), "", "w1", "w2", "b", shared("first_loss"), shared("last_loss"), shared("agree"))
    return Sheet(one.word("runs"), heads, tuple(rows))


def example_sheet(one: AssignmentRuns, answers: list[tuple[float, ...]]) -> Sheet:
    """Task 1's example: what is printed, and what is right under each convention."""
    rows: list[Row] = [(one.word("printed_example"), *(f"{value:.4f}" for value in flat(EXAMPLE_ANSWER)))]
    for convention, answer in zip(CONVENTIONS, answers, strict=True):
        kind = "per_sample" if "batch_size" in convention else convention.get("reduction", "mean")
        label = one.word(kind, loss=str(convention["loss"]).upper())
        rows.append((label, *(f"{value:.4f}" for value in answer)))
    heads = (shared("convention"), "w1", "w2", "b", shared("loss_of", epoch=1), shared("loss_of", epoch=2))
    return Sheet(one.word("example"), heads, tuple(rows))


def element_sheet(one: AssignmentRuns, gradients: dict[str, float]) -> Sheet:
    """Task 2's example: printed gradients and right ones."""
    rows = tuple((name, ELEMENT_GRADIENTS[name], int(gradients[name])) for name in gradients)
    return Sheet(one.word("element"), (shared("variable"), shared("printed"), shared("ours")), rows)


def charts(one: AssignmentRuns, runs: dict[str, RunRecord]) -> tuple[Chart, ...]:
    """The two surfaces beside each other, the Adagrad one, and the courses of either loss."""
    return (
        Chart("surfaces", one.word("surfaces"), runs=("run_1", "run_2")),
        loss_curves(one, "likelihood", {name: runs[name] for name in ("run_1", "run_4")}),
        loss_curves(one, "squared", {name: runs[name] for name in ("run_2", "run_3")}),
        Chart("surfaces", one.word("surfaces_adagrad"), runs=("run_1", "run_4")),
    )


def loss_curves(one: AssignmentRuns, title: str, runs: dict[str, RunRecord]) -> Chart:
    """The mean loss of runs, epoch by epoch."""
    lines = []
    for name, run in runs.items():
        loss = run.history.loss.tolist()
        lines.append(Series(one.word(name), tuple(range(1, len(loss) + 1)), tuple(loss)))
    return Chart("lines", one.word(title), tuple(lines), shared("epoch"), shared("mean_loss"), log="y")
