"""What a command and a script that repeat a training share: which rows, and what is not as usual."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any

from soloneuron.catalogues import Catalogue
from soloneuron.errors import InputError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.recipe import Part, Recipe, Value


@dataclass(frozen=True)
class RowsFile:
    """A file of rows, and what of it is learned: the arguments of ``read_dataset``.

    Attributes:
        path: of the file.
        label: the column to predict.
        features: learn from these columns only; () for all.
        drop: columns to leave out.
        positive: the label value that means 1, or None.
        encode: whether words become features.
        missing: what is done about missing cells, or None.
    """

    path: str
    label: str
    features: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    positive: str | None = None
    encode: bool = False
    missing: str | None = None


def unusual_settings(part: Part, catalogue: Catalogue) -> dict[str, Value | Part]:
    """The settings of a loss, a penalty or a schedule that are not its defaults.

    Example:
        >>> from soloneuron.formulas.catalogue import LOSSES
        >>> unusual_settings(Part("focal", {"gamma": 0.5}), LOSSES)
        {'gamma': 0.5}
    """
    made = catalogue.load(part.name)
    usual = {
        field.name: field.default
        for field in (fields(made) if is_dataclass(made) else ())
        if field.default is not MISSING
    }
    return _differing(part, usual)


def unusual_hyperparameters(recipe: Recipe) -> dict[str, Value | Part]:
    """The settings of a recipe's optimizer that it would not have without a word, its rate among them.

    Example:
        >>> unusual_hyperparameters(Recipe(optimizer=Part("adam", {"beta1": 0.9, "beta2": 0.9})))
        {'beta2': 0.9}
    """
    part = recipe.optimizer
    usual = OPTIMIZERS.load(part.name).defaults()
    # One default is that of the training: whether there is a bias.
    usual |= {"bias": recipe.bias} if "bias" in usual else {}
    return _differing(part, usual)


def refuse_untellable(recipe: Recipe) -> None:
    """Refuse a recipe of which neither a command nor a script can tell everything.

    Raises:
        InputError: a part is somebody's own object, or the rows had weights of their own.
    """
    for part in recipe.parts():
        if part.own:
            raise InputError(
                f"{part.name!r} is somebody's own object, of which the recipe has the name only: it cannot "
                "be written down. Pass the object itself to fit",
                code="recipe.own",
                name=part.name,
            )
    if recipe.sample_weight:
        raise InputError(
            "the rows had weights of their own, which the recipe does not hold: pass sample_weight to fit",
            code="recipe.sample_weight",
        )


def _differing(part: Part, usual: dict[str, Any]) -> dict[str, Value | Part]:
    return {name: value for name, value in part.settings.items() if name not in usual or value != usual[name]}
