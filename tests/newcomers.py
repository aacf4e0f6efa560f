"""One new member of every kind, added to a copy of the house as CONTRIBUTING says and nowhere else.

``python tests/newcomers.py COPY`` uses them all there and prints what came of it, as JSON.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

PACKAGE = "src/soloneuron"

LOSS = '''"""The hinge to the third power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from soloneuron.formulas.links import relu
from soloneuron.formulas.losses.base import Loss
from soloneuron.shapes import Labels, Logits


@dataclass(frozen=True)
class CubedHinge(Loss):
    """Formula: relu(1 - m)^3."""

    name = "cubed_hinge"
    convex = True

    def value(self, z: Logits, y: Labels) -> Logits:
        """relu(1 - m)^3."""
        return relu(1 - (2 * y - 1) * z) ** 3

    def graph(self, z: Any, y: Any) -> Any:
        """relu(1 - m)^3."""
        return (1 - (2 * y - 1) * z).relu() ** 3

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-3 s relu(1 - m)^2."""
        s = 2 * y - 1
        return -3 * s * relu(1 - s * z) ** 2

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """6 relu(1 - m)."""
        return 6 * relu(1 - (2 * y - 1) * z)
'''

OPTIMIZER = '''"""Steps of one length in every coordinate."""

from __future__ import annotations

from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class SignDescent(Optimizer):
    """Formula: theta <- theta - rate * sign(g).

    Args:
        learning_rate: 0.01 unless given.

    Source: none, it is an example.
    """

    name = "sign_descent"
    learning_rate = number(0.01, "(0, inf)", schedule=True)

    def paper(self, t: int) -> tuple[str, ...]:
        """The formula for reading."""
        return ("step = rate * sign(g)", "theta = theta - step")

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The signs."""
        return g.sign()
'''

FORMULA = """def sign_descent(x, grad, steps, *, rate):
    for t in range(1, steps + 1):
        g = grad(x, t)
        x -= at(rate, t) * ((g > 0) - (g < 0))
    return x


"""

DATA = '''

def make_stripes(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Two stripes, one above the other."""
    generator = torch.Generator().manual_seed(seed)
    labels = (torch.arange(rows) % 2).double()
    features = torch.randn(rows, 2, generator=generator, dtype=torch.float64) * torch.tensor([3.0, 0.3])
    features[:, 1] += 2 * labels - 1
    return Dataset(features, labels, ("x1", "x2"), name="stripes")
'''

EXPERIMENT = '''"""Does training lower the loss?"""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.trained import train_run
from soloneuron.records.findings import Chart, Series, Verdict


@dataclass(frozen=True)
class MoreEpochs(Experiment):
    """The loss before and after some epochs."""

    name = "more_epochs"
    rows: int = 40
    epochs: int = 20

    def measure(self) -> Measured:
        """One run on blobs."""
        run = train_run(make_blobs(self.rows, seed=self.seed), epochs=self.epochs)
        numbers = {"first": float(run.history.loss[0]), "last": float(run.history.loss[-1])}
        bars = Series("nll", (0, self.epochs), tuple(numbers.values()))
        chart = Chart("bars", self.word("chart"), (bars,), shared("epoch"), shared("mean_loss"))
        return Measured(numbers, charts=(chart,), runs={"run": run})

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Whether it is lower."""
        return (cls.verdict("lower", numbers["last"] < numbers["first"], **numbers),)
'''

PLANTED = """    "more_epochs": {
        "lower": {"yes": [{"first": 2.0, "last": 1.0}], "no": [{"first": 1.0, "last": 2.0}]}
    },
"""

FIGURE = '''"""Bars."""

from __future__ import annotations

from collections.abc import Mapping

from plotly.graph_objects import Bar, Figure

from soloneuron.figures.frame import framed
from soloneuron.records.findings import Chart
from soloneuron.records.run import RunRecord


def draw_bars(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> Figure:
    """A bar for every point."""
    return framed(Figure([Bar(x=one.x, y=one.y) for one in chart.series]))
'''

LESSON = """    "more_steps": Lesson(
        steps=tuple(LessonStep("loss=nll&start=0,0", steps) for steps in (5, 20, 80)),
        measures={"few": Measure("loss", 1), "more": Measure("loss", 2), "many": Measure("loss", 3)},
        answers={"lower": (Less("many", "few"),), "higher": (Less("few", "many"),)},
        expected="lower",
        formulas=("losses.nll",),
    ),
"""

LESSON_WORDS = """
[more_steps]
title = "More steps"
asks = "what more steps do to the loss"
question = "What do more steps do to the loss?"
measured = "The loss was {few:.3g}, then {more:.3g}, then {many:.3g}."
why = "The gradient is not zero yet."
docs = "optimizers.md#adam"
[more_steps.choices]
lower = "Lower it"
higher = "Raise it"
[more_steps.steps]
1 = "Few."
2 = "More."
3 = "Many."
[more_steps.answers]
lower = "Lower."
higher = "Higher."
"""

RUSSIAN = {
    "More steps": "Больше шагов", "What do": "Что делают", "Lower it": "Снизят", "Raise it": "Повысят",
    "Few.": "Мало.", "More.": "Больше.", "Many.": "Много.", '"Lower."': '"Ниже."', '"Higher."': '"Выше."',
}  # fmt: skip

WORDS = {
    "losses": """
[cubed_hinge]
title = "New"
formula = "max(0, 1 - s z)^3"
idea = "New."
""",
    "optimizers": """
[sign_descent]
title = "New"
short = "Signs"
formula = "theta <- theta - rate sign(g)"
idea = "New."
helps = "New."
hurts = "New."
source = "New"
oracle = "New"
differs = "New"
""",
    "data": """
[stripes]
title = "New"
idea = "New."
""",
    "study": """
[more_epochs]
title = "New"
question = "New?"
not_asked = "New."
how = "New: {rows}, {epochs}."
lower_yes = "New: {last:.3g} after {first:.3g}."
lower_no = "New: {last:.3g}, not below {first:.3g}."
chart = "New"
""",
}
"""The paragraphs; how well they read is not asked here, but both languages have their own."""

STEPS = {
    "loss: its class": ("formulas/losses/cubed.py", None, LOSS),
    "loss: its line in the catalogue": (
        "formulas/catalogue.py",
        '        "nll": ',
        '        "cubed_hinge": "soloneuron.formulas.losses.cubed:CubedHinge",\n',
    ),
    "loss: its formula as the paper writes it": (
        "tests/laws/test_losses.py",
        '    "nll": lambda',
        '    "cubed_hinge": lambda m, **_: max(mpmath.mpf(0), 1 - m) ** 3,\n',
    ),
    "optimizer: its class": ("optimizers/sign_descent.py", None, OPTIMIZER),
    "optimizer: its line in the catalogue": (
        "optimizers/catalogue.py",
        "    },\n)\n\nNINE",
        '        "sign_descent": "soloneuron.optimizers.sign_descent:SignDescent",\n',
    ),
    "optimizer: its formula, one coordinate at a time": (
        "tests/optimizer_formulas.py",
        "def momentum(",
        FORMULA,
    ),
    "data set: its function": ("data/synthetic.py", "\n\ndef make_saturated(", DATA),
    "data set: its line in the catalogue": (
        "data/catalogue.py",
        '    **_synthetic("blobs"),',
        '    **_synthetic("stripes", planar=True),\n',
    ),
    "experiment: its class": ("experiments/more_epochs.py", None, EXPERIMENT),
    "experiment: its line in a chapter": (
        "experiments/catalogue.py",
        '        "batch_noise": ',
        '        "more_epochs": "more_epochs:MoreEpochs",\n',
    ),
    "experiment: numbers planted for each answer of its claim": (
        "tests/unit/experiments/test_sentences.py",
        '    "assignment": {\n        "run_1"',
        PLANTED,
    ),
    "figure: its function": ("figures/bars.py", None, FIGURE),
    "figure: its word": ("records/findings.py", '"relief"]', '"bars", '),
    "figure: a chart that its laws look at": (
        "tests/unit/figures/test_laws.py",
        '    "lines": LINES_OF_TEN,',
        '    "bars": Chart("bars", TITLE, (Series("one", (0.0, 1.0), (1.0, 2.0)),)),\n',
    ),
    "lesson: its entry": ("playing/lessons.py", '    "autograd": Lesson(', LESSON),
    **{
        f"{room}: its words, {language}": (
            f"texts/{language}/{room}.toml", "", words if language == "en" else words.replace("New", "Новое"),
        )
        for room, words in WORDS.items()
        for language in ("en", "ru")
    },
    "lessons: its words, en": ("texts/en/lessons.toml", "", LESSON_WORDS),
    "lessons: its words, ru": ("texts/ru/lessons.toml", "", LESSON_WORDS),
}  # fmt: skip
"""What CONTRIBUTING asks for: where it is written, before what (None: a new file, "": its end), what."""


def add(copy, left_out=()):
    """Write all that in a copy of the house, but for the steps left out."""
    for name, (path, before, words) in STEPS.items():
        if name in left_out:
            continue
        place = copy / (path if path.startswith("tests/") else f"{PACKAGE}/{path}")
        if "/ru/lessons" in path:
            for english, russian in RUSSIAN.items():
                words = words.replace(english, russian)  # noqa: PLW2901
        now = "" if before is None else place.read_text(encoding="utf-8")
        assert before is None or before in now, f"{before!r} is no longer in {path}"
        place.write_text(now.replace(before, words + before, 1) if before else now + words, encoding="utf-8")


NAMES = (
    "every_kind",
    "cubed",
    "sign_descent",
    "stripes",
    "more_epochs",
    "bars",
    "more_steps",
    "generated",
    "stubs",
)
"""By these words their tests are found; what the lesson was made for is seen in ``use``."""

LAWS = (
    *("laws/test_losses.py", "laws/test_objectives.py", "laws/test_optimizer_laws.py"),
    *("unit/optimizers/test_formula_trace.py", "unit/optimizers/test_cards.py", "unit/texts"),
    *("unit/data/test_catalogue.py", "unit/experiments/test_experiments.py"),
    *("unit/figures/test_figures.py", "unit/figures/test_laws.py", "architecture/test_docs.py"),
    *(
        "unit/optimizers/test_interface.py",
        "unit/playing",
        "unit/training/test_repeating.py",
    ),
)


class Seen:
    """A plugin that keeps which tests there were and which failed."""

    def __init__(self):
        self.passed, self.failed = [], []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longrepr}")
        elif report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longrepr}")


def use(copy):
    """All that was added, used in every place where it must have followed."""
    import pytest

    said = dict(commands())
    from soloneuron import CubedHinge, SignDescent, load_run
    from soloneuron.figures.catalogue import draw_chart
    from soloneuron.playing.lesson_check import lesson_trials
    from soloneuron.playing.lessons import LESSONS
    from soloneuron.playing.menus import menus
    from soloneuron.storage.findings import load_study

    run = load_run("run.json")
    again = run.recipe
    (found,) = load_study("findings.json").findings
    seen = Seen()
    with contextlib.redirect_stdout(io.StringIO()):
        files = [str(copy / "tests" / law) for law in LAWS]
        pytest.main(
            ["-n0", "-p", "no:cacheprovider", "-k", f"({' or '.join(NAMES)}) and not made_for", *files],
            plugins=[seen],
        )
    return {
        "said": said,
        "public": [CubedHinge.__name__, SignDescent.__name__],
        "recipe": [again.loss.name, again.optimizer.name],
        "drawn": [trace.type for chart in found.charts for trace in draw_chart(chart, found.runs).data],
        "menus": {key: list(value) for key, value in menus().items() if not isinstance(value, int)},
        "refused": refusal("loss=cubed_hinge"),
        "lesson": next(lesson_trials(LESSONS["more_steps"])).answer,
        "passed": [name.rpartition("/tests/")[2] for name in seen.passed],
        "failed": seen.failed,
    }


def refusal(link):
    """The code of what is wrong with a link."""
    from soloneuron.errors import InputError
    from soloneuron.playing.link import read_link

    try:
        read_link(link)
    except InputError as fault:
        return fault.code
    return None


def commands():
    """What the command line and the scripts say, by command."""
    from soloneuron.cli import main

    train = "train --quiet --loss cubed_hinge --optimizer sign_descent --epochs 3 --save-run run.json"
    for line in (
        "losses cubed_hinge",
        "optimizers sign_descent",
        "data stripes",
        "data",
        train,
        "replay run.json -o replay.html",
        "experiment more_epochs -o findings.json",
        "report --from findings.json -o report.html --quiet",
    ):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            try:
                code = main(line.split())
            except SystemExit as leave:
                code = leave.code
        yield line.removesuffix(" --quiet"), [code, out.getvalue()]


if __name__ == "__main__":
    copy = Path(sys.argv[1])
    os.chdir(copy)
    sys.stdout.write(json.dumps(use(copy)))
