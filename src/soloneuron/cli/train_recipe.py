"""From the options of ``soloneuron train`` to a recipe, and to the settings that its JSON tells."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from dataclasses import replace
from typing import Any

from soloneuron import __version__
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.formulas.catalogue import PENALTIES
from soloneuron.neuron import Neuron
from soloneuron.optimizers.catalogue import ALIASES
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.run import RunRecord
from soloneuron.records.spellings import spelling, usual_record_every
from soloneuron.shapes import Features
from soloneuron.training.automatic import chosen_rule, is_auto, searches
from soloneuron.training.checkpoints import kept_record_every
from soloneuron.training.recipes import neuron_of, recipe_of, said_rate
from soloneuron.training.session import Training

OWN_OPTIONS = {
    "optimizer.learning_rate": ("the learning rate", "--learning-rate"),
    "penalty.strength": ("the strength of the penalty", "--alpha"),
}
"""Hyperparameters with an option of their own, and what they are called in a sentence."""


def recipe_asked(options: Namespace, X: Features) -> Recipe:
    """What the options ask for; of the parts it has the settings that were given, and no learning rate.

    Where the choice of the optimizer is left to the library, the recipe has the one that it has chosen.

    Args:
        options: as they were parsed.
        X: the rows to learn from, (n, d).

    Raises:
        InputError: ``--set`` gives something twice, or something that has an option of its own.
        UnknownNameError: ``--set`` names a part that there is not.
    """
    settings = _settings_by_part(options)
    loss = Part(options.loss, settings["loss"])
    penalty = options.penalty and Part(options.penalty, {"strength": options.alpha, **settings["penalty"]})
    neuron = neuron_of(Recipe(loss=loss, penalty=penalty, bias=not options.no_bias))
    rows, name = len(X), _rule(options, neuron, X, settings["optimizer"])
    batch = _batch_size(options, rows, name)
    whole = batch is None or batch >= rows
    shuffle = not whole and _chosen(options, "shuffle")
    if shuffle and options.stream:
        shuffle = "tiles"
    return Recipe(
        loss=loss,
        penalty=penalty,
        optimizer=Part(name, settings["optimizer"]),
        epochs=options.epochs,
        batch_size=batch,
        shuffle=shuffle,
        seed=options.seed if shuffle else None,
        reduction=options.reduction,
        class_weight=options.class_weight,
        bias=not options.no_bias,
        record_every=options.record_every
        or kept_record_every(options.checkpoint)
        or usual_record_every(options.epochs),
        dtype=options.dtype,
        standardize=bool(options.standardize),
        test_share=options.test_share,
        split_seed=None if options.test_share is None else options.seed,
    )


def recipe_done(training: Training, asked: Recipe) -> Recipe:
    """How a run was trained, with what was done to its rows before."""
    return replace(
        recipe_of(training),
        standardize=asked.standardize,
        test_share=asked.test_share,
        split_seed=asked.split_seed,
    )


def settings_json(training: Training, run: RunRecord) -> dict[str, Any]:
    """How a run was trained, for machines; of the optimizer the hyperparameters that were given."""
    recipe, optimizer = run.recipe, run.recipe.optimizer
    given = training.plan.optimizer.given | {"learning_rate"}
    penalty, rate = recipe.penalty, said_rate(recipe)
    return {
        "soloneuron": __version__,
        "loss": recipe.loss.name,
        "optimizer": optimizer.name,
        "hyperparameters": {
            name: value
            for name, value in {**optimizer.settings, "learning_rate": rate}.items()
            if name in given
        },
        "learning_rate": rate,
        "epochs": recipe.epochs,
        "epochs_done": run.history.epochs[-1],
        "batch_size": recipe.batch_size or run.source.rows,
        "rows": run.source.rows,
        "reduction": recipe.reduction,
        "seed": recipe.seed if recipe.test_share is None else recipe.split_seed,
        "shuffle": recipe.shuffle,
        "penalty": penalty and {"name": penalty.name, "alpha": penalty.settings["strength"]},
        "bias": recipe.bias,
        "dtype": recipe.dtype,
        "class_weight": recipe.class_weight,
        "standardize": recipe.standardize,
        "test_share": recipe.test_share,
        "outcome": run.history.outcome.kind,
    }


def _rule(options: Namespace, neuron: Neuron, X: Features, settings: dict[str, Any]) -> str:
    """The optimizer's name in the catalogue; whoever gives a setting of plain descent means plain descent."""
    name: str = _chosen(options, "optimizer")
    if not is_auto(name):
        return ALIASES.get(name, name)
    of_descent = {"learning_rate": options.learning_rate, "batch_size": options.batch_size}
    return chosen_rule(neuron, X, shuffle=options.shuffle, settings=settings or None, **of_descent)


def _chosen(options: Namespace, place: str, *, searches: bool = False) -> Any:
    """An option's value, or what is taken without it: that may depend on FILE and on the optimizer."""
    option = spelling(place).option
    assert option is not None, "it has an option"
    given = getattr(options, option.attribute)
    return option.default_for(options.file, searches=searches) if given is None else given


def _batch_size(options: Namespace, rows: int, rule: str) -> int | None:
    """Rows an update; a default takes all rows where there are fewer, a number that was given stays."""
    size = _chosen(options, "batch_size", searches=searches(rule))
    if size == "all":
        return None
    return int(size) if options.batch_size is not None else min(int(size), rows)


def _settings_by_part(options: Namespace) -> dict[str, dict[str, Any]]:
    """What ``--set`` gave to each part; without a part's name it is the optimizer's."""
    parts: dict[str, dict[str, Any]] = {"optimizer": {}, "loss": {}, "penalty": {}}
    given = [(name if "." in name else f"optimizer.{name}", name, value) for name, value in options.set]
    times = Counter(place for place, _, _ in given)
    for place, name, value in given:
        part, _, setting = place.rpartition(".")
        if part not in parts:
            raise UnknownNameError("part", part, parts)
        if times[place] > 1:
            raise InputError(f"--set {name} must be given once, got {times[place]} values", code="set.twice")
        if place in OWN_OPTIONS:
            what, option = OWN_OPTIONS[place]
            raise InputError(f"{what} is given by {option}, not by --set", code="set.rate")
        if part == "penalty" and options.penalty is None:
            raise InputError(
                f"--set {name} needs a penalty: --penalty {', '.join(PENALTIES)}", code="set.penalty"
            )
        parts[part][setting] = value
    return parts
