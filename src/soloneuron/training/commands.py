"""A recipe as a line of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soloneuron.data.assignment import START
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.records.recipe import Part, Recipe, Value
from soloneuron.records.spellings import (
    SPELLINGS,
    TrainOption,
    column_list,
    usual_record_every,
    with_value,
)
from soloneuron.texts.shell import shell_line
from soloneuron.training.automatic import searches
from soloneuron.training.recipes import said_rate
from soloneuron.training.repeating import (
    RowsFile,
    refuse_untellable,
    unusual_hyperparameters,
    unusual_settings,
)


def command_of(recipe: Recipe, rows: RowsFile | None = None, *, start: Sequence[float] | None = None) -> str:
    """The ``soloneuron train`` line that trains by a recipe; it has only what differs from the defaults.

    Args:
        recipe: how.
        rows: of which file; None for the assignment's five points.
        start: theta before the first update, if it is to be held against where the command starts: a file at
            zeros, the assignment's points at the assignment's start.

    Returns:
        One line, quoted for a shell.

    Raises:
        InputError: something that the command line has no word for; it is named.

    Example:
        >>> command_of(Recipe(loss=Part("focal", {"gamma": 0.5}), batch_size=1))
        'soloneuron train --loss focal --set loss.gamma=0.5'
    """
    refuse_untellable(recipe)
    _refuse_unsayable(recipe)
    _refuse_start(recipe, rows, start)
    words = ["soloneuron", "train", *([] if rows is None else _rows_words(rows))]
    for row in SPELLINGS:
        if row.option is not None:
            words += _option_words(recipe, row.place, row.option, rows)
    return shell_line(words)


def _rows_words(rows: RowsFile) -> Iterator[str]:
    """The file and what of it is learned."""
    yield f"./{rows.path}" if rows.path.startswith("-") else rows.path
    yield from with_value("--label", rows.label)
    if rows.features:
        yield from with_value("--features", column_list(rows.features))
    if rows.drop:
        yield from with_value("--drop", column_list(rows.drop))
    if rows.positive is not None:
        yield from with_value("--positive", rows.positive)
    if rows.encode:
        yield "--encode"
    if rows.missing is not None:
        yield from ("--missing", rows.missing)


def _option_words(recipe: Recipe, place: str, option: TrainOption, rows: RowsFile | None) -> list[str]:
    """An option with what the recipe says in its place; nothing where the command would take that anyway."""
    if place == "*.settings":
        return [word for said in _settings(recipe) for word in (option.flag, said)]
    value = _value(recipe, place)
    usual = option.default_for(rows, searches=searches(recipe.optimizer.name))
    if place == "record_every":
        usual = usual_record_every(recipe.epochs)
    if value is None or value == usual:
        return []
    if option.reads in ("on", "off"):
        return [option.flag]
    if option.reads == "either":
        return [option.flag if value else option.flag.replace("--", "--no-", 1)]
    return with_value(option.flag, _spelled(option.flag, value))


def _value(recipe: Recipe, place: str) -> Value | Part:
    """What a recipe says in a place of the table, as an option says it; None where it says nothing."""
    if place == "optimizer.learning_rate":
        return said_rate(recipe) if "learning_rate" in unusual_hyperparameters(recipe) else None
    if place == "penalty.strength":
        return 1e-4 if recipe.penalty is None else recipe.penalty.settings.get("strength", 1e-4)
    if place == "batch_size":
        return "all" if recipe.batch_size is None else recipe.batch_size
    if place == "shuffle" and recipe.batch_size is None:
        return None
    if place == "seed":
        return next((seed for seed in (recipe.seed, recipe.split_seed) if seed is not None), 0)
    value = getattr(recipe, place)
    return value.name if isinstance(value, Part) else value


def _settings(recipe: Recipe) -> Iterator[str]:
    """Every setting for ``--set``."""
    for name, value in unusual_hyperparameters(recipe).items():
        if name != "learning_rate":
            yield f"{name}={_spelled(name, value)}"
    for kind, part, catalogue in (("loss", recipe.loss, LOSSES), ("penalty", recipe.penalty, PENALTIES)):
        for name, value in ({} if part is None else unusual_settings(part, catalogue)).items():
            if (kind, name) != ("penalty", "strength"):
                yield f"{kind}.{name}={_spelled(name, value)}"


def _spelled(name: str, value: Value | Part) -> str:
    """A value as it is typed."""
    if isinstance(value, Part | tuple):
        what = f"the schedule {value.name!r}" if isinstance(value, Part) else f"{len(value)} numbers"
        raise InputError(
            f"{name.lstrip('-')} is {what}: the command line takes one value; python_of can tell it",
            code="command.value",
            name=name,
        )
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)


def _refuse_unsayable(recipe: Recipe) -> None:
    """What a recipe may hold, and no option can say."""
    said = {
        "weights of the classes other than 'balanced'": isinstance(recipe.class_weight, tuple),
        "a full batch in an order of its own": recipe.shuffle and recipe.batch_size is None,
        "rows in memory shuffled by tiles": recipe.shuffle == "tiles",
        "a seed of the order other than that of the rows held out": None
        not in (recipe.seed, recipe.split_seed)
        and recipe.seed != recipe.split_seed,
    }
    for what, is_there in said.items():
        if is_there:
            raise InputError(
                f"the command line has no word for {what}; python_of can tell it", code="command.words"
            )


def _refuse_start(recipe: Recipe, rows: RowsFile | None, start: Sequence[float] | None) -> None:
    if start is None:
        return
    weights, bias = START
    own = [*weights, bias] if recipe.bias else [*weights]
    usual = own if rows is None else [0.0] * len(start)
    if [*start] != usual:
        raise InputError(
            f"the command starts at {usual}, not at {[*start]}; python_of can tell the start",
            code="command.start",
        )
