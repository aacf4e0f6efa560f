"""Refusals of the page: each has a code, and its sentence in both languages."""

from __future__ import annotations

from soloneuron.errors import InputError
from soloneuron.texts import text


def playground_error(fault: str, **numbers: object) -> InputError:
    """The refusal with that name: its sentence stands in ``texts``, and the page says it in its language."""
    return InputError(
        text("en", f"playground.errors.{fault}", **numbers), code=f"playground.{fault}", **numbers
    )
