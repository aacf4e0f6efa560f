"""What a parameter is for, by its name: the words in which people write this homework."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

CYRILLIC = str.maketrans("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXabekmhopctyx")

TRAINER_ROLES = {
    "features": (
        "признаки данные входы примеры объекты "
        "x xs features feature feats feat data inputs input samples points x_train train_x xtrain "
        "dataset "
        "vectors feature_vectors train_features train_data features_list"
    ),
    "labels": (
        "метки ответы классы цели "
        "y ys labels label lbls lbl targets target t y_true y_train train_y ytrain classes "
        "train_labels outputs answers "
        "labels_list"
    ),
    "weights": (
        "веса начальные_веса вес "
        "w ws weights weight wts init_w init_weights initial_weights initial_w start_weights w0 "
        "w_init weights_init weights0 "
        "initial_weight start_w theta0"
    ),
    "bias": (
        "смещение начальное_смещение сдвиг "
        "b bias b0 init_b init_bias initial_bias initial_b start_bias intercept b_init bias_init "
        "bias0 start_b"
    ),
    "rate": (
        "скорость_обучения скорость темп_обучения шаг "
        "lr learning_rate rate eta alpha step_size lrate l_r learn_rate speed"
    ),
    "epochs": (
        "эпохи число_эпох количество_эпох n_эпох "
        "epochs n_epochs num_epochs epoch iterations n_iter n_iters num_iterations num_iters "
        "iters max_iter steps n_steps "
        "num_steps epoch_count epochs_count count_epochs max_epochs iters_count"
    ),
    "batch_size": "размер_пакета batch_size batch bs minibatch_size mini_batch_size batchsize",
    "loss": "loss loss_fn loss_func loss_function criterion",
}
"""Roles of a trainer's parameters, and their names."""

TRAINER_TOKENS = (
    ("epochs", ("epoch", "epochs", "iterations")),
    ("bias", ("bias", "intercept")),
    ("weights", ("weights", "weight")),
    ("rate", ("rate", "lr")),
    ("labels", ("labels", "label", "targets", "target")),
    ("features", ("features", "feature", "samples", "inputs")),
)
"""Words inside longer names."""

RESULT_ROLES = {
    "weights": "веса weights w weight updated_weights final_weights theta coef coef_ w_ weights_",
    "bias": "смещение bias b updated_bias final_bias intercept intercept_ b_ bias_",
    "losses": (
        "потери история "
        "losses loss loss_history nll_values nll mse_values history errors err_values loss_values "
        "costs loss_list nlls losses_ "
        "epoch_losses loss_hist history_ loss_per_epoch"
    ),
}
"""Roles of what a trainer returns or keeps, and their names."""


def alike(name: str) -> str:
    """A name with Latin letters for the Cyrillic ones that look the same.

    Example:
        >>> alike("MyСrippledNeuron") == "MyCrippledNeuron"
        True
    """
    return name.translate(CYRILLIC)


def roles_of(names: Iterable[str], table: Mapping[str, str], tokens: Any = ()) -> dict[str, str]:
    """The roles of some names: role to name, each name once.

    Example:
        >>> roles_of(["X", "y_train", "init_w", "number_of_epochs"], TRAINER_ROLES, TRAINER_TOKENS)
        {'features': 'X', 'labels': 'y_train', 'weights': 'init_w', 'epochs': 'number_of_epochs'}
    """
    found: dict[str, str] = {}
    left = []
    for name in names:
        folded = plain_name(name)
        role = next((role for role, known in table.items() if folded in folded_names(known)), None)
        if role is None or role in found:
            left.append(name)
        else:
            found[role] = name
    for name in left:
        words = re.split(r"_|(?<=[a-z])(?=[A-Z])", alike(name).strip("_"))
        folded_words = {word.lower() for word in words}
        role = next((role for role, known in tokens if folded_words & set(known) and role not in found), None)
        if role is not None:
            found[role] = name
    return found


@lru_cache(maxsize=256)
def folded_names(known: str) -> frozenset[str]:
    """The names in a line, folded as ``plain_name`` does."""
    return frozenset(plain_name(word) for word in known.split())


def plain_name(name: str) -> str:
    """A name without capitals, Cyrillic look-alikes and underscores around it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", alike(name)).strip("_").lower()


def parameters_of(called: Callable[..., Any]) -> list[inspect.Parameter]:
    """The named parameters of a function or of a class's constructor, without self; [] where it has none."""
    try:
        found = [*inspect.signature(called).parameters.values()]
    except (TypeError, ValueError):
        return []
    return [one for one in found if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def required(parameters: Iterable[inspect.Parameter]) -> list[str]:
    """The names of those without a default."""
    return [one.name for one in parameters if one.default is one.empty]


GENERIC = {"fn", "func", "function", "f", "foo"}
PREFERRED = ("nll", "bce", "log", "cross")
"""Parts of the names of functions of the loss that the task asks for."""

SQUARED = ("mse", "squared", "square", "quad")
"""The same of the squared error."""


def matching_function(
    parameter: str, around: Mapping[str, Any], preferred: tuple[str, ...] = PREFERRED
) -> Any:
    """The function of a module that is meant by a parameter such as ``loss_fn`` or ``grad_w``; or None.

    Example:
        >>> def nll_loss(p, y): ...
        >>> def mse_loss(p, y): ...
        >>> matching_function("loss_fn", {"mse_loss": mse_loss, "nll_loss": nll_loss}).__name__
        'nll_loss'
    """
    wanted = set(plain_name(parameter).split("_")) - GENERIC
    functions = {
        plain_name(name): held
        for name, held in around.items()
        if inspect.isfunction(held) and not name.startswith("__")
    }
    same = plain_name(parameter)
    if same in functions:
        return functions[same]
    fitting = [name for name in functions if _words(wanted) <= _words(set(name.split("_")))]
    ranked = sorted(fitting, key=lambda name: (_rank(name, preferred), len(name), name))
    return functions[ranked[0]] if ranked else None


ROLE_SYNONYMS = {
    "gradient": "grad",
    "grads": "grad",
    "d": "grad",
    "derivative": "grad",
    "dw": "w",
    "weights": "w",
    "weight": "w",
    "bias": "b",
}


def _words(words: set[str]) -> set[str]:
    return {ROLE_SYNONYMS.get(word, word) for word in words}


def _rank(name: str, preferred: tuple[str, ...]) -> int:
    return next((place for place, word in enumerate(preferred) if word in name), len(preferred))
