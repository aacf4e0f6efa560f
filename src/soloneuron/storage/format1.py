"""Files of format 1 as format 2 has them: recipes from settings that name parts without parameters."""

from __future__ import annotations

from math import nan
from typing import Any, Literal

import msgspec

from soloneuron.records.recipe import Part, Recipe, Value
from soloneuron.storage.codec import as_json
from soloneuron.storage.location import Location

_TENSORS = ("theta", "loss", "gradient_norm", "accuracy")


class _Penalty(msgspec.Struct):
    name: str
    alpha: float | None = None


class _Settings(msgspec.Struct):
    """How format 1 tells of a training: of a loss the name, of a penalty name and strength."""

    loss: str = "nll"
    penalty: _Penalty | None = None
    optimizer: str | None = None
    hyperparameters: dict[str, Value] = {}
    learning_rate: Value = None
    epochs: int | None = None
    batch_size: int | None = None
    rows: int | None = None
    reduction: Literal["mean", "sum"] = "mean"
    seed: int | None = None
    shuffle: bool = False
    bias: bool = True
    dtype: Literal["float64", "float32"] = "float64"
    class_weight: str | dict[str, float] | None = None
    standardize: bool = False
    test_share: float | None = None
    unit: Literal["epoch", "update"] = "epoch"
    link: str = ""
    outcome: str = ""
    epochs_done: int = 0


def model_of_format_1(body: dict[str, Any], location: Location) -> dict[str, Any]:
    """The fields of a model."""
    said = location["training"].read(_Settings, body.get("training", {}))
    return {
        **body,
        "recipe": _recipe(said, said.epochs or 0),
        "rows": said.rows or 0,
        "outcome": said.outcome,
        "epochs_done": said.epochs_done,
    }


def run_of_format_1(body: Any, location: Location) -> dict[str, Any]:
    """The fields of a run; what was not finite stood as null, and no values stood beside the thetas."""
    plain = location.read(dict[str, Any], body)
    history = location.field(dict[str, Any], plain, "history")
    said = location.field(_Settings, plain, "settings")
    epochs = location["history"].field(list[int], history, "epochs") or [0]
    outcomes = location.field(list[Any], plain, "outcomes")
    dtype = history.get("dtype")
    location["history"]["dtype"].must(dtype in ("float64", "float32"), "be float64 or float32", dtype)
    measured = {name: _numbers(history[name]) for name in _TENSORS if name in history}
    measured["value"] = _numbers(history.get("gradient_norm", []), known=False)
    if dtype == "float32":
        measured = {name: {"float32": numbers} for name, numbers in measured.items()}
    done, every = epochs[-1], epochs[1] - epochs[0] if len(epochs) > 1 else 1
    if said.unit == "update":
        done, every = -(-done * (said.batch_size or 1) // (said.rows or 1)), 1
    return {
        **plain,
        "history": {**history, **measured, "unit": said.unit, "outcomes": outcomes},
        "recipe": _recipe(said, done if said.epochs is None else said.epochs, every),
        "link": said.link,
    }


def _recipe(said: _Settings, epochs: int, record_every: int = 1) -> dict[str, Any]:
    rate, penalty, weight = said.learning_rate, said.penalty, said.class_weight
    settings: dict[str, Value | Part] = dict(said.hyperparameters)
    if rate is not None:
        # Of a schedule only its words were kept, from which nobody can build it again.
        settings["learning_rate"] = Part(rate, own=True) if isinstance(rate, str) else rate
    strength: dict[str, Value | Part] = {"strength": 0.0 if penalty is None else penalty.alpha}
    whole = said.batch_size is None or said.batch_size >= (said.rows or 0) > 0
    recipe = Recipe(
        loss=Part(said.loss),
        penalty=None if penalty is None else Part(penalty.name, {} if penalty.alpha is None else strength),
        optimizer=Part(said.optimizer or "gradient_descent", settings),
        epochs=epochs,
        batch_size=None if whole else said.batch_size,
        shuffle=said.shuffle,
        seed=said.seed if said.shuffle else None,
        reduction=said.reduction,
        class_weight=(weight.get("0", 1.0), weight.get("1", 1.0)) if isinstance(weight, dict) else weight,
        bias=said.bias,
        record_every=record_every,
        dtype=said.dtype,
        standardize=said.standardize,
        test_share=said.test_share,
        split_seed=None if said.test_share is None else said.seed,
    )
    plain: dict[str, Any] = as_json(recipe)
    return plain


def _numbers(values: Any, *, known: bool = True) -> Any:
    """Lists in lists with nan for null, or for all that is no list."""
    if isinstance(values, list):
        return [_numbers(inner, known=known) for inner in values]
    return values if known and values is not None else nan
