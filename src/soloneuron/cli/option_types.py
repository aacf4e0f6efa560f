"""How the words of the command line are read: each a ``type`` of argparse, which complains in one line."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from soloneuron.catalogues import same_name
from soloneuron.cli.language import spoken_language
from soloneuron.optimizers.catalogue import SCHEDULE_CLASSES, SCHEDULES
from soloneuron.records.spellings import AUTO
from soloneuron.texts import LANGUAGES

SYNONYMS = {
    **dict.fromkeys(
        ("--lr", "--rate", "--eta", "--step-size", "--learning-rate-init", "--schedule"), ("--learning-rate",)
    ),
    **dict.fromkeys(("--batch", "--bs", "--minibatch", "--mini-batch-size"), ("--batch-size",)),
    **dict.fromkeys(("--optim", "--opt", "--solver", "--method", "--algorithm"), ("--optimizer",)),
    **dict.fromkeys(
        ("--n-epochs", "--num-epochs", "--max-epochs", "--iterations", "--iters", "--max-iter", "--n-iter"),
        ("--epochs",),
    ),
    **dict.fromkeys(("--target", "--y", "--target-column", "--class", "--labels", "-y"), ("--label",)),
    **dict.fromkeys(
        ("--out", "--output-file", "--outfile", "--save-model", "--model-out", "--to", "--save"),
        ("--output",),
    ),
    **dict.fromkeys(("--reg", "--lambda", "--weight-decay", "--regularization", "--c"), ("--alpha",)),
    **dict.fromkeys(("--l1", "--l2", "--regularizer", "--reg-type"), ("--penalty",)),
    **dict.fromkeys(("--random-state", "--random-seed", "--rng", "-s"), ("--seed",)),
    **dict.fromkeys(
        ("--validation-split", "--val-split", "--test-size", "--holdout", "--split"), ("--test-share",)
    ),
    **dict.fromkeys(("--normalize", "--scale", "--scaler", "--zscore"), ("--standardize",)),
    **dict.fromkeys(("--silent", "--no-verbose", "-q"), ("--quiet",)),
    **dict.fromkeys(("--columns", "--x", "--inputs", "--cols"), ("--features",)),
    **dict.fromkeys(("--exclude", "--ignore", "--remove"), ("--drop",)),
    **dict.fromkeys(("--cuda", "--gpu"), ("--device",)),
    **dict.fromkeys(("--language", "--locale", "-l"), ("--lang",)),
    **dict.fromkeys(("--overwrite", "--yes", "-y", "-f"), ("--force",)),
    **dict.fromkeys(("--criterion", "--objective", "--cost", "--error"), ("--loss",)),
    **dict.fromkeys(("--no-intercept", "--no-fit-intercept"), ("--no-bias",)),
}
"""What other programs call our options."""


class OneOrSeveral(argparse.Action):
    """Words in a row: one is kept as it is, several are a list, and none is None."""

    def __call__(self, _: Any, namespace: argparse.Namespace, values: Any, *__: Any) -> None:
        """Keep them."""
        setattr(namespace, self.dest, values[0] if values and len(values) == 1 else values or None)


def one_of(known: Iterable[str]) -> Callable[[str], str]:
    """The type of an argument that is one of some words, however they are spelled; the nearest is suggested.

    Example:
        >>> one_of(["nll", "mse"])("nl")
        Traceback (most recent call last):
        argparse.ArgumentTypeError: invalid choice: 'nl': did you mean 'nll'? choose from nll, mse
    """
    words = list(known)

    def read(text: str) -> str:
        found = same_name(text, words)
        if found is None:
            hint = nearest_hint(text.lower(), words)
            raise argparse.ArgumentTypeError(
                f"invalid choice: {text!r}: {hint}choose from {', '.join(words)}"
            )
        return found

    return read


def nearest_hint(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest word and ends in a space; nothing where none is near.

    Example:
        >>> nearest_hint("--batchsize", ["--batch-size", "--seed"])
        "did you mean '--batch-size'? "
    """
    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {nearest[0]!r}? " if nearest else ""


def option_hint(option: str, known: Iterable[str]) -> str:
    """The same for an option, which may be called otherwise in other programs.

    Example:
        >>> option_hint("--lr", ["--learning-rate", "--lang"])
        "did you mean '--learning-rate'? "
    """
    options = list(known)
    asked = SYNONYMS.get(option.lower().replace("_", "-"), ())
    ours = next((name for name in asked if name in options), None)
    if ours is not None:
        return f"did you mean {ours!r}? "
    return nearest_hint(option.lower().replace("_", "-"), options)


def at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number, this one or more."""

    def read(text: str) -> int:
        if not re.fullmatch("[+-]?[0-9]{1,4000}", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number >= {least}, got {text!r}")
        return int(text)

    return read


def read_batch_size(text: str) -> int | str:
    """Rows an update, or ``all``."""
    return text if text == "all" else at_least(1)(text)


def read_strength(text: str) -> float:
    """A finite number >= 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"must be finite and >= 0, got {text}")
    return number


def read_learning_rate(text: str) -> float | str:
    """A number, ``auto`` or a schedule; whether that can be, the training says."""
    try:
        return float(text)
    except ValueError:
        # Words that go on after a name are read by the training: that needs torch.
        name = text.partition("(")[0].strip()
        if name in (AUTO, *SCHEDULES, *SCHEDULE_CLASSES) or any(mark in text for mark in "(*>"):
            return text
        names = ", ".join(SCHEDULES)
        raise argparse.ArgumentTypeError(
            f"must be a number > 0 or auto, got {text!r}; or a schedule: {names}"
        ) from None


def read_setting(text: str) -> tuple[str, Any]:
    """A hyperparameter by name: a number, true, false, none, or a word.

    Example:
        >>> read_setting("loss.gamma=0.5"), read_setting("variant=hat"), read_setting("clip_norm=none")
        (('loss.gamma', 0.5), ('variant', 'hat'), ('clip_norm', None))
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, as beta1=0.8, got {text!r}")
    words = {"true": True, "false": False, "none": None}
    if value.lower() in words:
        return name, words[value.lower()]
    for kind in (int, float):
        with suppress(ValueError):
            return name, kind(value)
    return name, value


def add_choice(group: argparse._ActionsContainer, name: str, known: Iterable[str], **settings: Any) -> None:
    """Add an argument that is one of some words."""
    words = list(known)
    group.add_argument(name, type=one_of(words), choices=words, **settings)


def add_language(group: argparse._ActionsContainer, *, of: str = "words") -> None:
    """Add ``--lang``."""
    add_choice(
        group,
        "--lang",
        LANGUAGES,
        default=spoken_language(),
        help=f"language of the {of}; default: {spoken_language()}",
    )


def add_json(group: argparse._ActionsContainer) -> None:
    """Add ``--json``."""
    group.add_argument("--json", action="store_true", help="one JSON object for machines")


def add_force(group: argparse._ActionsContainer) -> None:
    """Add ``--force``."""
    group.add_argument("--force", action="store_true", help="replace even what soloneuron did not write")


def add_quiet(group: argparse._ActionsContainer) -> None:
    """Add ``--quiet``."""
    group.add_argument("--quiet", action="store_true", help="print nothing")
