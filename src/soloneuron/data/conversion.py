"""Whatever people bring becomes a tensor of numbers: its dtype and its device follow what came.

Nothing that came in is ever changed, and nothing is moved to another device unless somebody asked for it.
Only when a conversion has failed does a slow walk look for the cell to blame.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.data.complaints import not_numbers, numbers_in_rows
from soloneuron.data.tables import column_names, unpacked
from soloneuron.errors import InputError

DTYPES = (torch.float32, torch.float64)

NO_NUMBERS = {
    "is_meta": ("a tensor on the meta device, which holds no numbers", "give tensors that hold them"),
    "is_quantized": ("a quantized tensor", "take X.dequantize()"),
    "is_nested": ("a nested tensor", "take X.to_padded_tensor(0.0), or rows of one length"),
}
"""Tensors that are no plain numbers, by the attribute that tells: what they are, and what to do."""


def as_tensor(
    values: Any, dtype: torch.dtype | None, name: str, *, device: torch.device | None = None
) -> Tensor:
    """Numbers in any form as a floating tensor, which may share memory with what came in.

    Args:
        values: numbers, lists of numbers, a NumPy array, a tensor, a data frame or an Arrow table.
        dtype: float32 or float64; None takes float32 where that came, and float64 for everything else.
        name: what they are called, for the message.
        device: where they must be; what has no device of its own is put there. None leaves them where they
            are.

    Raises:
        ShapeError: ragged rows.
        InputError: no numbers, complex ones, too large ones, masked ones, or a tensor on another device.
    """
    checked_dtype(dtype)
    plain = unpacked(values, name)
    try:
        given = _convert(plain)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise not_numbers(plain, name, column_names(values)) from None
    refuse_other_tensors(given, name)
    if given.layout != torch.strided:
        raise numbers_in_rows(name, f"a tensor with layout {given.layout}")
    check_device(plain, given, name, device)
    return fitted(given.to(device), dtype, name)


def checked_dtype(dtype: torch.dtype | None) -> None:
    """Refuse a dtype that training does not know."""
    if dtype is not None and dtype not in DTYPES:
        raise InputError(f"dtype must be torch.float32 or torch.float64, got {dtype}", code="dtype")


def refuse_other_tensors(given: Tensor, name: str) -> None:
    """Refuse a tensor that holds something else than real numbers."""
    for kind, (what, cure) in NO_NUMBERS.items():
        if getattr(given, kind):
            raise InputError(f"{name} must be plain numbers, got {what}: {cure}", code=f"{name}.kind")
    if given.is_complex():
        raise InputError(f"{name} must be real numbers, got complex ones", code=f"{name}.complex")


def check_device(came: Any, given: Tensor, name: str, device: torch.device | None) -> None:
    """Refuse a tensor on another device than where numbers must be; lists and arrays have none."""
    placed = isinstance(came, Tensor) or (isinstance(came, list | tuple) and given.device.type != "cpu")
    if device is not None and placed and given.device != device:
        raise InputError(
            f"{name} must be on {device} as the features are, got a tensor on {given.device}: nothing is "
            f"moved unasked, take device={str(device)!r}",
            code=f"{name}.device",
        )


def as_device(device: Any) -> torch.device | None:
    """The device that was asked for, if it is there; None for None.

    Raises:
        InputError: no device, one that this machine does not have, or one that holds no numbers.
    """
    if device is None:
        return None
    try:
        wanted = torch.device(device)
    except (TypeError, RuntimeError):
        raise InputError(
            f"device must be a torch.device or its name, such as 'cpu' or 'cuda', got {device!r}",
            code="device.type",
        ) from None
    try:
        found = torch.empty(0, device=wanted)
    except (AssertionError, RuntimeError, NotImplementedError, ImportError):
        found = None
    if found is None or found.is_meta:
        raise InputError(
            f"device {str(wanted)!r} is not there to compute on: leave device out, or take device='cpu'",
            code="device.missing",
        )
    return found.device


def moved(values: Any, device: torch.device | None) -> Any:
    """A tensor where it was asked to be; anything else as it came."""
    if device is None or not isinstance(values, Tensor) or values.is_meta:
        return values
    return values.to(device)


def fitted(given: Tensor, dtype: torch.dtype | None, name: str) -> Tensor:
    """Numbers in a dtype of training; refuses a number that only fits a wider one."""
    if dtype is None:
        dtype = given.dtype if given.dtype in DTYPES else torch.float64
    made = given.to(dtype)
    if given.dtype.itemsize > dtype.itemsize and not _sums_to_a_number(made):
        _refuse_too_large(given, made, name)
    return made


def first_not_finite(values: Tensor) -> list[int] | None:
    """The place of the first number that is not finite, or None.

    Nothing as large as the values is made: their sum tells of every nan and inf; only where it is not finite
    are blocks looked into.
    """
    if _sums_to_a_number(values):
        return None
    height = max(1, 1_000_000 // max(1, values[0].numel()))
    for start, block in enumerate(values.split(height)):
        bad = (~block.isfinite()).nonzero()
        if len(bad):
            first, *rest = bad[0].tolist()
            return [start * height + first, *rest]
    return None


def _sums_to_a_number(values: Tensor) -> bool:
    return bool(values.sum().isfinite())


def _refuse_too_large(given: Tensor, made: Tensor, name: str) -> None:
    lost = made.isinf() & given.isfinite()
    if lost.any():
        place = lost.nonzero()[0].tolist()
        largest = torch.finfo(made.dtype).max
        raise InputError(
            f"{name} must fit {str(made.dtype).removeprefix('torch.')} (up to {largest:.3g}), got "
            f"{given[tuple(place)].item():g} in row {place[0] if place else 0}; scale them, or take float64",
            code=f"{name}.large",
            place=place,
        )


def _convert(values: Any) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach()
    if isinstance(values, np.ndarray):
        return from_numpy(values)
    first = _first(values)
    if isinstance(first, np.ndarray | Tensor):
        return torch.stack([_convert(row) for row in values])
    while isinstance(first, list | tuple):
        first = _first(first)
    # To torch bytes are rows of whole numbers; to people they are text.
    if isinstance(first, bytes | bytearray):
        raise TypeError
    return torch.tensor(values, dtype=torch.float64)


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list | tuple) and values else None


def from_numpy(values: np.ndarray[Any, Any]) -> Tensor:
    """An array of numbers as a tensor, shared where torch can share it.

    Raises:
        TypeError: it holds no numbers.
    """
    kind = values.dtype.kind
    if kind == "O":
        return torch.tensor(values.tolist(), dtype=torch.float64)
    if kind not in "biufc":
        raise TypeError
    # torch has no such floats of more than 64 bits.
    if values.dtype.itemsize > 8 and kind == "f":
        values = values.astype(np.float64)
    shareable = values.flags.writeable and values.dtype.isnative and all(s >= 0 for s in values.strides)
    return torch.from_numpy(
        values if shareable else np.array(values, dtype=values.dtype.newbyteorder("="), order="C")
    )
