"""Saved states: what came from a file is checked against what the rule would start with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.optimizers.settings import described
from soloneuron.optimizers.state import OptimizerState


def saved(state: OptimizerState) -> dict[str, Any]:
    """A copy of a state by its parts: the method's name, t, and the slots by name."""
    slots = {name: slot.clone() for name, slot in state.slots.items()}
    return {"method": state.method, "t": state.t, "slots": slots}


def restored(name: str, wanted: Mapping[str, Tensor], came: Mapping[str, Any]) -> OptimizerState:
    """The OptimizerState described by a saved record.

    Args:
        name: of the method that goes on with it.
        wanted: slots as that method would start with them; the saved ones must be like these.
        came: ``method``, ``t`` and ``slots``, these as tensors or nested lists.

    Raises:
        RecordError: another method, another size, a slot too many or too few.
    """
    try:
        method, t, slots = came["method"], came["t"], dict(came["slots"])
    except (KeyError, TypeError, ValueError):
        raise RecordError(
            f"a saved state must have method, t and slots, got {described(came)}", code="state.fields"
        ) from None
    if method != name:
        raise RecordError(f"a saved state must be of {name!r}, got {method!r}", code="state.method")
    if isinstance(t, bool) or not isinstance(t, int) or t < 0:
        raise RecordError(f"t must be a whole number >= 0, got {t!r}", code="state.t")
    if slots.keys() != wanted.keys():
        raise RecordError(
            f"the slots of {name!r} must be {sorted(wanted)}, got {sorted(slots)}", code="state.slots"
        )
    return OptimizerState(name, {slot: _slot(slot, slots[slot], like) for slot, like in wanted.items()}, t)


def _slot(name: str, came: Any, like: Tensor) -> Tensor:
    try:
        slot = came.detach().clone() if isinstance(came, Tensor) else torch.tensor(came, dtype=like.dtype)
    except (TypeError, ValueError, RuntimeError):
        raise RecordError(
            f"slot {name!r} must hold numbers, got {described(came)}", code="state.slot"
        ) from None
    if slot.shape != like.shape or slot.dtype != like.dtype:
        raise RecordError(
            f"slot {name!r} must be {like.dtype} {tuple(like.shape)}, got {slot.dtype} {tuple(slot.shape)}",
            code="state.slot",
        )
    return slot.to(like.device)
