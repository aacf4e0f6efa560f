"""The options of ``soloneuron train``, made from the table of spellings. Nothing here waits for torch."""

from __future__ import annotations

import argparse
from typing import Any

from soloneuron.cli.arguments import Parser
from soloneuron.cli.columns import add_columns
from soloneuron.cli.option_types import (
    OneOrSeveral,
    add_force,
    add_json,
    add_language,
    add_quiet,
    at_least,
    one_of,
    read_batch_size,
    read_learning_rate,
    read_setting,
    read_strength,
)
from soloneuron.cli.streaming import add_stream
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS
from soloneuron.records.spellings import AUTO, SPELLINGS, Reads, TrainOption
from soloneuron.texts import text

CATALOGUES = {"loss": LOSSES, "penalty": PENALTIES, "optimizer": (*OPTIMIZERS, *ALIASES, AUTO)}

TYPES: dict[Reads, dict[str, Any]] = {
    "count": {"type": at_least(0)},
    "size": {"type": at_least(1)},
    "batch": {"type": read_batch_size},
    "rate": {"type": read_learning_rate},
    "strength": {"type": read_strength},
    "share": {"type": float},
    "settings": {"type": read_setting, "action": "append"},
    "on": {"action": "store_true"},
    "off": {"action": "store_true"},
    "either": {"action": argparse.BooleanOptionalAction},
}


def add_train(parser: Parser, *, language: str = "en") -> None:
    """Add the options to the command's parser, their help in a language."""
    parser.description = (
        "Train one sigmoid neuron. Without FILE: the assignment's five points, its start and its order of "
        "rows, which reproduces its run."
    )
    data = parser.add_argument_group("data")
    parser.several = data.add_argument(
        "file",
        nargs="*",
        action=OneOrSeveral,
        metavar="FILE",
        help="a table: CSV, Excel, Parquet, NPY, also in .gz or .zip; - is standard input; several are one",
    )
    data.add_argument("--label", metavar="NAME", help="column to predict (in NPY and NPZ its index)")
    add_columns(data)
    _add_spelled(data, "data", language)
    add_stream(data, language=language)
    data.add_argument("--device", metavar="NAME", help="where to compute, such as cuda; cpu unless given")
    data.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=at_least(1),
        default=300,
        help="how long processes started by torchrun wait for each other, in seconds; default 300",
    )
    data.add_argument("--url", metavar="LINK", help="repeat a run of the playground, up to its step")
    _add_spelled(parser.add_argument_group("training"), "training", language)
    out = parser.add_argument_group("output")
    out.add_argument("-o", "--output", metavar="MODEL.json", help="save the model")
    out.add_argument("--save-run", metavar="RUN.json", help="save settings, course, outcome and data")
    out.add_argument(
        "--checkpoint", metavar="FILE", help="keep the training in FILE, and go on from it where it is there"
    )
    out.add_argument(
        "--every",
        type=at_least(1),
        metavar="K",
        help="epochs between two checkpoints; about a hundred in all unless given",
    )
    add_force(out)
    out.add_argument("--all-losses", action="store_true", help="in --json every loss, not about a hundred")
    add_json(out)
    add_quiet(out)
    add_language(out)


def _add_spelled(group: argparse._ActionsContainer, name: str, language: str) -> None:
    """Add the options of the table that stand in a group."""
    for row in SPELLINGS:
        if row.option is not None and row.option.group == name:
            group.add_argument(row.option.flag, **_argument(row.option, language))


def _argument(option: TrainOption, language: str) -> dict[str, Any]:
    """What argparse is told of an option."""
    help_text = text(
        language,
        f"options.{option.name}",
        default=option.default,
        with_file=option.with_file,
        with_search=option.with_search,
    ).replace("%", "%%")
    made = {"help": help_text, **TYPES.get(option.reads, {})}
    if option.reads == "word":
        known = list(CATALOGUES[option.choices] if isinstance(option.choices, str) else option.choices)
        made |= {"type": one_of(known), "choices": known}
    if option.metavar is not None:
        made["metavar"] = option.metavar
    if option.reads == "settings":
        made["default"] = []
    elif option.reads not in ("on", "off"):
        # A default that depends on FILE is not known before all has been read.
        made["default"] = option.default if option.with_file is None else None
    return made
