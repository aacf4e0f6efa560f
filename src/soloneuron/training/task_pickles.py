"""What is sent to other processes: a pickle, and beside it the large arrays, which many pickles share."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import InputError

LARGE = 2**16
"""Bytes from which on an array stands beside its pickle."""


class TaskPickler:
    """Pickles tasks that share rows: one array is one object in all of them, so it is sent once.

    joblib maps large arrays among the arguments of a call into the memory of every worker of this machine,
    and Dask hands them to each of its workers once; both know them again by their identity alone.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[np.ndarray, Any]] = {}

    def pickled(self, value: Any) -> tuple[Any, ...]:
        """A value as bytes, and the arrays that belong to them.

        Raises:
            InputError: it cannot be pickled.
        """
        content, arrays = BytesIO(), list[np.ndarray]()
        try:
            _pickler(self, content, arrays).dump(value)
        except Exception as fault:
            raise InputError(
                "what trains in other processes must be picklable, rows, loss, optimizer and callables of "
                f"your own, got {_flat(fault)}: keep files, locks and generators out of them, or stay in "
                "this process with joblib.parallel_config('threading')",
                code="workers.pickle",
                fault=_flat(fault),
            ) from None
        return (content.getvalue(), *arrays)

    def array_of(self, value: Any) -> np.ndarray | None:
        """The one array that stands for a large array or tensor; None for anything else."""
        if type(value) is Tensor:
            plain = value.layout == torch.strided and value.device.type == "cpu"
            if not plain or value.nbytes < LARGE or value.requires_grad or value.dtype == torch.bfloat16:
                return None
            array = value.numpy()
        elif type(value) in (np.ndarray, np.memmap) and value.nbytes >= LARGE and not value.dtype.hasobject:
            array = value
        else:
            return None
        # Any other order of numbers in memory would not arrive as it is, and it decides how a product sums.
        if not (array.flags.c_contiguous or array.flags.f_contiguous):
            return None
        key = (array.ctypes.data, array.shape, array.strides, array.dtype.str)
        # Whoever owns the memory is kept too: another array must not come to stand at its place.
        return self._known.setdefault(key, (array, value))[0]


def unpickled(content: bytes, arrays: Sequence[np.ndarray]) -> Any:
    """The value of bytes and arrays.

    Raises:
        InputError: a module that it needs is not there.
    """
    try:
        return _Unpickler(content, arrays).load()
    except (ImportError, AttributeError) as fault:
        raise InputError(
            f"workers must be able to import what they train with, got {_flat(fault)}: install the same "
            "libraries there, and put code of your own into a module that they have",
            code="workers.import",
            fault=_flat(fault),
        ) from None


def _pickler(owner: TaskPickler, content: BytesIO, arrays: list[np.ndarray]) -> Any:
    # It pickles the functions of a notebook by their code.
    from cloudpickle import Pickler

    class _Pickler(Pickler):  # type: ignore[misc]
        def persistent_id(self, value: Any) -> tuple[str, int] | None:
            array = owner.array_of(value)
            if array is None:
                return None
            if not any(known is array for known in arrays):
                arrays.append(array)
            place = next(place for place, known in enumerate(arrays) if known is array)
            return ("tensor" if isinstance(value, Tensor) else "array", place)

    return _Pickler(content)


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: bytes, arrays: Sequence[np.ndarray]) -> None:
        super().__init__(BytesIO(content))
        self._arrays = arrays

    def persistent_load(self, known: tuple[str, int]) -> Any:
        """The array or tensor of a place."""
        kind, place = known
        array = self._arrays[place]
        if kind == "array":
            return array
        with warnings.catch_warnings():
            # What a cluster hands out may be read-only; nothing here writes on rows.
            warnings.filterwarnings("ignore", "The given NumPy array is not writable")
            return torch.from_numpy(array)


def _flat(fault: Exception) -> str:
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:300]
