"""A training as a person sees it: what begins, and what came of it."""

from __future__ import annotations

from dataclasses import replace

from soloneuron.cli.screen import Screen
from soloneuron.data.preparation import own_units
from soloneuron.formulas.metrics import Metrics
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import Outcome
from soloneuron.records.model import ModelRecord
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.run import RunRecord
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_limit
from soloneuron.training.reasons import reason
from soloneuron.training.recipes import said_rate
from soloneuron.training.session import Training


def show_start(screen: Screen, asked: Recipe, recipe: Recipe, data: Dataset, *, held: Dataset | None) -> None:
    """Show what is going to be done with which rows.

    Args:
        screen: where.
        asked: what the options asked for.
        recipe: what came of it, every default decided.
        data: the rows to learn from.
        held: the rows held out, if any.
    """
    parts = [f"{data.name}: " + screen.word("rows", rows=len(data.labels), features=len(data.feature_names))]
    if held is not None:
        parts.append(screen.word("held", rows=len(held.labels)))
    screen.phrases(parts, "bold", mark="; ")
    size = recipe.batch_size
    kind = "full_batch" if size is None else "per_sample" if size == 1 else "mini_batch"
    batch = screen.word(kind, size=size)
    if size is not None:
        orders = {True: "shuffled", "tiles": "shuffled_tiles", False: "file_order"}
        batch += " " + screen.word(orders[recipe.shuffle])
    method = _named(recipe.optimizer, asked.optimizer)
    parts = [_named(recipe.loss, asked.loss), *([method] if method != "gradient_descent" else []), batch]
    said = said_rate(recipe)
    rate = screen.word("schedule" if isinstance(said, str) else "rate", rate=said)
    screen.phrases([*parts, rate, screen.word("epochs", epochs=recipe.epochs)])


def show_classes(screen: Screen, data: Dataset) -> None:
    """Show which value of the label became 0 and which 1, if they are not 0 and 1 already."""
    zero, one = data.classes
    if not zero or not one:
        screen.warn(screen.word("one_class", label=data.label_name, word=zero or one))
    elif data.classes != ("0", "1"):
        screen.say(screen.word("classes", label=data.label_name, zero=zero, one=one))
        if {zero, one} != {"0", "1"} and _between_0_and_1(zero) and _between_0_and_1(one):
            screen.warn(screen.word("numbers_as_names", label=data.label_name, zero=zero, one=one))


def show_end(
    screen: Screen,
    training: Training,
    run: RunRecord,
    model: ModelRecord,
    measured: dict[str, Metrics],
) -> None:
    """Show the losses, weights, metrics, limits of the rate, and how it ended."""
    outcome = run.history.outcome
    screen.losses([loss for loss in run.history.loss.tolist() if abs(loss) < float("inf")])
    own = None if model.scaling is None else own_units(model.weights, model.bias, model.scaling)
    screen.weights(model.feature_names, model.weights, model.bias if run.recipe.bias else None, own)
    screen.metrics({screen.word(part): values for part, values in measured.items()})
    _show_limits(screen, training, outcome)
    style = "green" if outcome.kind in ("finished", "converged") else "yellow"
    if outcome.kind == "stopped":
        signalled = outcome.fields.get("by") == text("en", "cli.signalled")
        by = screen.word("signalled" if signalled else "interrupted")
        outcome = replace(outcome, fields={**outcome.fields, "by": by})
    screen.say(reason(outcome, screen.language), style=style)
    # Where something went wrong, that is what to change, and not the lack of a penalty.
    if outcome.separable and "cause" not in outcome.fields:
        screen.say(text(screen.language, "outcomes.separable"))


def _between_0_and_1(word: str) -> bool:
    try:
        return 0 <= float(word) <= 1
    except ValueError:
        return False


def _named(part: Part, asked: Part) -> str:
    """A part by its name, with the settings that were asked for."""
    given = [f"{name}={value}" for name, value in part.settings.items() if name in asked.settings]
    return f"{part.name} ({', '.join(given)})" if given else part.name


def _show_limits(screen: Screen, training: Training, outcome: Outcome) -> None:
    """Both limits, unless the outcome tells them; on a plateau, where nothing bends, they say nothing."""
    if not training.plan.plain or outcome.kind == "plateau" or "guaranteed" in outcome.fields:
        return
    limits = training.limits()
    both = {"guaranteed": limits.guaranteed, "local": limits.local}
    if set(both.values()) == {None}:
        return
    none = screen.word("no_limit")
    words = [
        screen.word(which, value=none if value is None else shown_limit(value))
        for which, value in both.items()
    ]
    words[0] = f"{screen.word('limits')} {words[0]}"
    screen.phrases(words, "dim")
    if not limits.full_batch:
        screen.say(f"({text(screen.language, 'outcomes.full_batch')})", style="dim")
