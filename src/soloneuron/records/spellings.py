"""Everything that can be said of a training, and how it is said in every place where it can be.

One row a thing: its place in the recipe, the keyword of ``fit``, the parameter of the estimator, the option
of ``soloneuron train``, and the default of each, for they are not always the same. The options are generated
from this table; a test holds ``Recipe``, the signatures and the parser against it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal, NamedTuple

Reads = Literal[
    "word", "count", "size", "batch", "rate", "strength", "share", "settings", "on", "off", "either"
]
"""What follows an option: one word of some, a whole number >= 0, one >= 1, one >= 1 or ``all``, a learning
rate, a number >= 0, a share of the rows, NAME=VALUE as often as one likes; or nothing: a switch on, off, or
either."""


AUTO = "auto"
"""The learning rate, or the optimizer, that the library chooses."""


class Named(NamedTuple):
    """A keyword or parameter with its default."""

    name: str
    default: Any


@dataclass(frozen=True)
class TrainOption:
    """An option of ``soloneuron train``; its help stands in the texts, ``options.NAME``.

    Attributes:
        flag: as it is typed.
        reads: how the word after it is read.
        metavar: what stands for that word in the help.
        choices: the words there are, or the catalogue that has them: ``loss``, ``penalty`` or ``optimizer``.
        default: what is taken without it; None where that is decided elsewhere.
        with_file: what is taken without it for rows of a file, where that is something else.
        with_search: what is taken without it by an optimizer with a line search, where that differs.
        group: where it stands in the help.
    """

    flag: str
    reads: Reads
    metavar: str | None = None
    choices: str | tuple[str, ...] = ()
    default: Any = None
    with_file: Any = None
    with_search: Any = None
    group: Literal["data", "training"] = "training"

    @property
    def name(self) -> str:
        """The flag without its dashes."""
        return self.flag.lstrip("-")

    @property
    def attribute(self) -> str:
        """Where the parsed value is found."""
        return self.name.replace("-", "_")

    def default_for(self, file: object, *, searches: bool = False) -> Any:
        """What is taken without the option.

        Args:
            file: None where the assignment's rows are taken.
            searches: whether the optimizer has a line search.
        """
        if searches and self.with_search is not None:
            return self.with_search
        return self.default if file is None or self.with_file is None else self.with_file


@dataclass(frozen=True)
class Spelling:
    """One thing about a training, in every place where it can be said.

    Attributes:
        place: in the recipe: a field, or a setting of a part as in ``penalty.strength``.
        keyword: of ``fit``, None where it has none.
        parameter: of ``NeuronClassifier``, None where it has none.
        option: of ``soloneuron train``, None where it has none.
        link: the word of the page's link, None where it has none.
    """

    place: str
    keyword: Named | None = None
    parameter: Named | None = None
    option: TrainOption | None = None
    link: str | None = None


SPELLINGS = (
    Spelling("objective", Named("objective", None)),
    Spelling(
        "loss",
        Named("loss", "nll"),
        Named("loss", "nll"),
        TrainOption("--loss", "word", choices="loss", default="nll"),
        link="loss",
    ),
    Spelling(
        "optimizer",
        Named("optimizer", "gradient_descent"),
        Named("optimizer", "auto"),
        TrainOption(
            "--optimizer",
            "word",
            "NAME",
            choices="optimizer",
            default="gradient_descent",
            with_file="auto",
        ),
        link="optimizers",
    ),
    Spelling("*.settings", option=TrainOption("--set", "settings", "NAME=VALUE", default=())),
    Spelling(
        "optimizer.learning_rate",
        Named("learning_rate", None),
        Named("learning_rate", None),
        TrainOption("--learning-rate", "rate", "R"),
        link="optimizers",
    ),
    Spelling(
        "epochs",
        Named("epochs", 100),
        Named("epochs", 1000),
        TrainOption("--epochs", "count", "N", default=100),
    ),
    Spelling(
        "batch_size",
        Named("batch_size", None),
        Named("batch_size", None),
        TrainOption("--batch-size", "batch", "N", default=1, with_file=32, with_search="all"),
        link="batch",
    ),
    Spelling(
        "shuffle",
        Named("shuffle", False),
        Named("shuffle", None),
        TrainOption("--shuffle", "either", default=False, with_file=True),
    ),
    Spelling(
        "reduction",
        Named("reduction", "mean"),
        option=TrainOption("--reduction", "word", choices=("mean", "sum"), default="mean"),
    ),
    Spelling(
        "seed",
        Named("seed", None),
        Named("random_state", None),
        TrainOption("--seed", "count", "N", default=0),
        link="seed",
    ),
    Spelling("split_seed"),
    Spelling(
        "penalty",
        Named("penalty", None),
        Named("penalty", None),
        TrainOption("--penalty", "word", choices="penalty"),
    ),
    Spelling(
        "penalty.strength",
        parameter=Named("alpha", 1e-4),
        option=TrainOption("--alpha", "strength", "A", default=1e-4),
        link="l2",
    ),
    Spelling(
        "class_weight",
        Named("class_weight", None),
        Named("class_weight", None),
        TrainOption("--class-weight", "word", choices=("balanced",)),
    ),
    Spelling("sample_weight", Named("sample_weight", None)),
    Spelling(
        "bias",
        Named("bias", True),
        Named("fit_intercept", True),
        TrainOption("--no-bias", "off", default=True),
        link="bias",
    ),
    Spelling("record_every", Named("record_every", 1), option=TrainOption("--record-every", "size", "N")),
    Spelling(
        "dtype",
        Named("dtype", None),
        option=TrainOption("--dtype", "word", choices=("float64", "float32"), default="float64"),
    ),
    Spelling(
        "standardize",
        option=TrainOption("--standardize", "either", default=False, with_file=AUTO, group="data"),
    ),
    Spelling("test_share", option=TrainOption("--test-share", "share", "S", group="data")),
)
"""The table. ``split_seed`` is the same ``--seed`` on the command line; there is no other way to say it."""

ROWS_AND_START = (
    *("features", "labels", "initial", "device"),
    *("progress", "checkpoint", "checkpoint_every"),
)
"""What ``fit`` is told besides, which no recipe holds: the rows, where to start and where to compute, what is
shown and kept on the way."""

PARAMETERS = {
    row.keyword.name: row.parameter.name for row in SPELLINGS if row.keyword is not None and row.parameter
}
"""What the estimator calls a keyword of ``fit``, where it has a word for it; its ``alpha`` is the strength of
a penalty given by name."""

STOPPING = (
    "early_stopping",
    "validation_fraction",
    "n_iter_no_change",
    "tol",
    "warm_start",
    "verbose",
    "checkpoint",
    "checkpoint_every",
)
"""What the estimator is told besides: when to stop and where to go on, ways of its own."""


KEPT_RECORDS = 200
"""About so many thetas the command line keeps of a run."""


def usual_record_every(epochs: int) -> int:
    """Epochs between two thetas that the command line keeps, unless it is told otherwise.

    Example:
        >>> usual_record_every(100), usual_record_every(1001)
        (1, 6)
    """
    return max(1, -(-epochs // KEPT_RECORDS))


def spelling(place: str) -> Spelling:
    """The row of a place in the recipe.

    Example:
        >>> spelling("bias").parameter
        Named(name='fit_intercept', default=True)
    """
    return next(row for row in SPELLINGS if row.place == place)


def with_value(option: str, value: str) -> list[str]:
    """An option with its value; a value that begins with a dash is tied to it, or it would be an option."""
    return [f"{option}={value}"] if value.startswith("-") else [option, value]


def column_list(names: Sequence[str]) -> str:
    """Names of columns as ``--features`` and ``--drop`` read them.

    Example:
        >>> column_list(["age", "height, cm"])
        'age,"height, cm"'
    """
    line = StringIO()
    csv.writer(line).writerow(names)
    return line.getvalue().removesuffix("\r\n")
