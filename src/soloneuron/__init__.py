"""Gradient learning from one neuron up: hand-written gradients on plain torch tensors.

The public names below are imported when first used (PEP 562), so that ``import soloneuron`` and
``soloneuron --help`` do not wait for torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "Dataset": "records.dataset",
    "ElasticNet": "formulas.penalties",
    "Element": "element",
    "Focal": "formulas.losses",
    "History": "records.history",
    "Huber": "formulas.losses",
    "InputError": "errors",
    "InputWarning": "errors",
    "L1": "formulas.penalties",
    "L2": "formulas.penalties",
    "Loss": "formulas.losses",
    "Neuron": "neuron",
    "NeuronClassifier": "estimator",
    "Optimizer": "optimizers",
    "RecordError": "errors",
    "SoloneuronError": "errors",
    "as_optimizer": "optimizers",
    "assignment_data": "data.assignment",
    "compare": "training.compare",
    "compile": "compiler",
    "compile_graph": "compiler",
    "fit": "training.api",
    "load_model": "storage.models",
    "load_run": "storage.runs",
    "minimize": "training.minimize",
    "prepare": "training.api",
    "read_dataset": "data.files",
    "train_neuron": "training.api",
}

__all__ = ["__version__", *sorted(_PLACES)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'soloneuron' has no attribute {name!r}")
    value = getattr(import_module(f"soloneuron.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
