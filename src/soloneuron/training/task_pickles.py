"""What is sent to other processes: a pickle, and beside it the large arrays, which many pickles share."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import uuid4

import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import InputError

LARGE = 2**16
"""Bytes from which on an array stands beside its pickle, and is laid out once in a process that gets it."""

ALIGNED = 64
"""Bytes of a line of the cache: where in it an array begins decides how sums over it are grouped."""


class TaskPickler:
    """Pickles tasks that share rows: one array is one object in all of them, so it is sent once.

    joblib maps large arrays among the arguments of a call into the memory of every worker of this machine,
    and Dask hands them to each of its workers once; both know them again by their identity alone.
    """

    def __init__(self) -> None:
        self.name = uuid4().hex
        self._known: dict[tuple[Any, ...], tuple[str, np.ndarray, Any]] = {}

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

    def array_of(self, value: Any) -> tuple[str, np.ndarray] | None:
        """The name and the one array that stand for an array or a tensor; None for what the pickle holds."""
        if type(value) is Tensor:
            plain = value.layout == torch.strided and value.device.type == "cpu" and value.grad_fn is None
            if not plain or value.dtype == torch.bfloat16:
                return None
            # A tensor in a pickle begins a line of the cache again.
            if value.nbytes < LARGE and value.data_ptr() % ALIGNED == 0:
                return None
            array = value.detach().numpy()
        elif type(value) in (np.ndarray, np.memmap) and not value.dtype.hasobject:
            array = value
        else:
            return None
        # Any other order of numbers in memory would not arrive as it is.
        if not (array.flags.c_contiguous or array.flags.f_contiguous):
            return None
        key = (array.ctypes.data, array.shape, array.strides, array.dtype.str)
        # Whoever owns the memory is kept too: another array must not come to stand at its place.
        return self._known.setdefault(key, (f"{self.name} {len(self._known)}", array, value))[:2]


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
        def persistent_id(self, value: Any) -> tuple[str, int, str, int] | None:
            found = owner.array_of(value)
            if found is None:
                return None
            name, array = found
            place = next((k for k, known in enumerate(arrays) if known is array), len(arrays))
            arrays[place:] = arrays[place:] or [array]
            kind = "tensor" if isinstance(value, Tensor) else "array"
            return kind, place, name, array.ctypes.data % ALIGNED

    return _Pickler(content)


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: bytes, arrays: Sequence[np.ndarray]) -> None:
        super().__init__(BytesIO(content))
        self._arrays = arrays

    def persistent_load(self, known: tuple[str, int, str, int]) -> Any:
        """The array or tensor of a place, beginning where it began in a line of the cache."""
        kind, place, name, begins = known
        array = _laid_out(self._arrays[place], name, begins)
        if kind == "array":
            return array
        with warnings.catch_warnings():
            # What a cluster hands out may be read-only; nothing here writes on rows.
            warnings.filterwarnings("ignore", "The given NumPy array is not writable")
            return torch.from_numpy(array)


_laid: dict[str, np.ndarray] = {}
"""The large arrays of the last pickler that sent some here, by name."""


def _laid_out(array: np.ndarray, name: str, begins: int) -> np.ndarray:
    """An array, or its copy where it begins elsewhere in a line of the cache: then sums would be others."""
    if array.ctypes.data % ALIGNED == begins or not array.nbytes:
        return array
    found = _laid.get(name)
    if found is None:
        buffer = np.empty(array.nbytes + 2 * ALIGNED, dtype=np.uint8)
        first = (begins - buffer.ctypes.data) % ALIGNED
        order: Any = "C" if array.flags.c_contiguous else "F"
        found = np.ndarray(array.shape, array.dtype, buffer.data, first, order=order)
        np.copyto(found, array)
        if array.nbytes >= LARGE:
            for other in [*_laid]:
                if other.split(maxsplit=1)[0] != name.split(maxsplit=1)[0]:
                    _laid.pop(other, None)
            _laid[name] = found
    return found


def _flat(fault: Exception) -> str:
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:300]
