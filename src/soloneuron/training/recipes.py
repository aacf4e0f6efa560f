"""From a training to its recipe, and from a recipe back to the parts that train."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.catalogues import Catalogue
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.formulas.losses import Loss
from soloneuron.formulas.losses.base import parameters
from soloneuron.formulas.penalties import Penalty
from soloneuron.neuron import Neuron
from soloneuron.objective import name_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS, SCHEDULES
from soloneuron.optimizers.composing import ComposableSchedule
from soloneuron.optimizers.schedules import Schedule
from soloneuron.optimizers.written_schedules import schedule_of, written_schedule
from soloneuron.records.recipe import Part, Recipe, Value
from soloneuron.training.part_settings import check_settings
from soloneuron.training.plan import Plan
from soloneuron.training.run_axes import own_number
from soloneuron.training.session import Training

NEURON = Part("neuron")
"""The objective of every recipe but those of somebody's own."""


def recipe_of(training: Training, run: int = 0) -> Recipe:
    """How a run was trained.

    Args:
        training: of one run, or of many at once.
        run: which of many, in the order of the flattened run axes.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.training.prepare import prepare
        >>> recipe_of(prepare(assignment_data(), loss="focal")).loss
        Part(name='focal', settings={'gamma': 2.0}, own=False)
    """
    return recipe_of_plan(training.plan, epochs=training.epochs, record_every=training.record_every, run=run)


def recipe_of_plan(plan: Plan, *, epochs: int, record_every: int = 1, run: int = 0) -> Recipe:
    """The recipe of a plan that is followed for so many epochs."""
    neuron = plan.objective if isinstance(plan.objective, Neuron) else Neuron()
    own = not isinstance(plan.objective, Neuron)
    return Recipe(
        objective=Part(name_of(plan.objective), own=True) if own else NEURON,
        loss=_loss_part(neuron.loss),
        penalty=None if neuron.penalty is None else _penalty_part(neuron.penalty, plan.runs, run),
        optimizer=_optimizer_part(plan.optimizer, plan.runs, run),
        epochs=epochs,
        batch_size=None if plan.full_batch else plan.batch_size,
        shuffle="tiles" if plan.seeds and plan.by_tiles else bool(plan.seeds),
        seed=plan.seeds[run % len(plan.seeds)] if plan.seeds else None,
        reduction="mean" if plan.mean_weight is None else "sum",
        class_weight=plan.class_weight,
        sample_weight=plan.sample_weight,
        bias=neuron.bias,
        record_every=record_every,
        dtype="float32" if plan.data is not None and plan.data.features.dtype == torch.float32 else "float64",
    )


def neuron_of(recipe: Recipe) -> Neuron:
    """The neuron that a recipe trains.

    Raises:
        InputError: loss, penalty or objective are somebody's own, which a recipe only names.

    Example:
        >>> neuron_of(Recipe(loss=Part("focal", {"gamma": 0.5}))).loss
        Focal(gamma=0.5)
    """
    _refuse_own("objective", recipe.objective)
    penalty = None if recipe.penalty is None else _made("penalty", PENALTIES, recipe.penalty)
    return Neuron(_made("loss", LOSSES, recipe.loss), penalty, bias=recipe.bias)


def optimizer_of(recipe: Recipe) -> Optimizer:
    """The rule that a recipe trains with.

    Raises:
        InputError: it, or a schedule of it, is somebody's own.
    """
    part = recipe.optimizer
    _refuse_own("optimizer", part)
    made: Optimizer = OPTIMIZERS.load(part.name)(
        **{name: _setting(name, value) for name, value in part.settings.items()}
    )
    return made


def said_rate(recipe: Recipe) -> Value | Part:
    """The learning rate as it can be typed: a schedule of the catalogue as its text.

    Example:
        >>> cosine = Part("cosine", {"rate": 0.1, "steps": 9})
        >>> said_rate(Recipe(optimizer=Part("adam", {"learning_rate": cosine})))
        'cosine(0.1, steps=9)'
    """
    rate = recipe.learning_rate
    if not isinstance(rate, Part) or rate.own:
        return rate
    return written_schedule(_made("learning_rate", SCHEDULES, rate))


def keywords_of(recipe: Recipe) -> dict[str, Any]:
    """A recipe as keywords of ``prepare`` and ``fit``.

    Raises:
        InputError: a part is somebody's own, or rows had weights of their own: neither can be rebuilt.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.training.prepare import prepare
        >>> first = prepare(assignment_data(), optimizer="adam", epochs=3)
        >>> recipe_of(prepare(assignment_data(), **keywords_of(recipe_of(first)))) == recipe_of(first)
        True
    """
    neuron = neuron_of(recipe)
    if recipe.sample_weight:
        raise InputError(
            "the rows of this recipe had weights of their own, which it does not hold: pass sample_weight",
            code="recipe.sample_weight",
        )
    weights = recipe.class_weight
    return {
        "loss": neuron.loss,
        "penalty": neuron.penalty,
        "optimizer": optimizer_of(recipe),
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "shuffle": recipe.shuffle,
        "seed": recipe.seed,
        "reduction": recipe.reduction,
        "class_weight": dict(enumerate(weights)) if isinstance(weights, tuple) else weights,
        "bias": recipe.bias,
        "record_every": recipe.record_every,
        "dtype": torch.float32 if recipe.dtype == "float32" else torch.float64,
    }


def _loss_part(loss: Loss) -> Part:
    return Part(loss.name, parameters(loss), own=not _known(LOSSES, loss))


def _penalty_part(penalty: Penalty, runs: tuple[int, ...], run: int) -> Part:
    settings = {name: _value(value, runs, run) for name, value in _fields(penalty).items()}
    return Part(penalty.name, settings, own=not _known(PENALTIES, penalty))


def _optimizer_part(rule: Optimizer, runs: tuple[int, ...], run: int) -> Part:
    settings = {name: _value(value, runs, run) for name, value in rule.settings.items()}
    return Part(rule.name, settings, own=not _known(OPTIMIZERS, rule))


def _known(catalogue: Catalogue, part: Any) -> bool:
    """Whether a part is of the very class that its name stands for."""
    return part.name in catalogue and type(part) is catalogue.load(part.name)


def _fields(record: Any) -> Mapping[str, Any]:
    return (
        {field.name: getattr(record, field.name) for field in fields(record)} if is_dataclass(record) else {}
    )


def _value(value: Any, runs: tuple[int, ...], run: int) -> Value | Part:
    """A setting of one run as JSON has it: its own number, one a coordinate, or a schedule by name."""
    if isinstance(value, Tensor):
        own: list[float] = own_number(value, runs, run).tolist()
        return tuple(own) if len(own) > 1 else own[0]
    if isinstance(value, Schedule):
        named = next((name for name in SCHEDULES if type(value) is SCHEDULES.load(name)), None)
        return Part(type(value).__name__ if named is None else named, _fields(value), own=named is None)
    text = written_schedule(value) if isinstance(value, ComposableSchedule) else None
    if text is not None:
        return text
    if callable(value):
        return Part(str(getattr(value, "__name__", type(value).__name__)), own=True)
    return value  # type: ignore[no-any-return]


def _setting(name: str, value: Value | Part) -> Any:
    if isinstance(value, Part):
        return _made(name, SCHEDULES, value)
    if name == "learning_rate" and isinstance(value, str):
        return schedule_of(value)
    return torch.tensor(value, dtype=torch.float64) if isinstance(value, tuple) else value


def _made(kind: str, catalogue: Catalogue, part: Part) -> Any:
    _refuse_own(kind, part)
    made = catalogue.load(part.name)
    check_settings(made, part.settings)
    return made(**part.settings)


def _refuse_own(kind: str, part: Part) -> None:
    if part.own:
        raise InputError(
            f"the {kind} {part.name!r} is somebody's own: a recipe holds its name, not its code. "
            "Pass the object itself",
            code="recipe.own",
            kind=kind,
            name=part.name,
        )
