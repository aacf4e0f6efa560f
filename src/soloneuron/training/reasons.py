"""An outcome in words: what happened, beside which limits, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from soloneuron.records.history import Outcome
from soloneuron.texts import text

ADVISED = ("overflow", "oscillating")
"""Kinds that files of earlier versions hold without a cause."""


def reason(outcome: Outcome, language: str = "en") -> str:
    """The outcome's sentences in a language: what happened, the limits of the rate, and the cure."""
    said = text(language, f"outcomes.{_key(outcome)}", **outcome.fields)
    limits = limits_sentence(outcome.fields, language)
    said = f"{said}; {limits}" if limits else said
    advice = cure(outcome, language)
    return f"{said}. {advice}" if advice else said


def _key(outcome: Outcome) -> str:
    """Which sentence says what happened: an end may come before the last epoch in more than one way."""
    if "promise" in outcome.fields:
        return "arrived"
    return "certain" if "certain" in outcome.fields else outcome.kind


def cure(outcome: Outcome, language: str = "en") -> str:
    """What to do about it, one sentence or two; nothing where nothing went wrong.

    Example:
        >>> from soloneuron import fit
        >>> cure(fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1], learning_rate=20.0, epochs=50).outcome)
        'Lower the learning rate 20. "auto" finds one that is safe for these data'
    """
    fields = outcome.fields
    cause = fields.get("cause", "unknown" if outcome.kind in ADVISED else None)
    if cause is None:
        return ""
    said = text(language, f"outcomes.cures.{cause}", **fields)
    auto = fields.get("auto") and cause in ("rate", "small_rate")
    return f"{said}. {text(language, 'outcomes.cures.auto')}" if auto else said


def limits_sentence(fields: Mapping[str, object], language: str = "en") -> str:
    """Both limits of the learning rate; nothing where an outcome's fields hold none."""
    key = limits_key(fields)
    if key is None:
        return ""
    said = text(language, f"outcomes.{key}", **fields)
    return said if fields.get("full_batch", True) else f"{said} ({text(language, 'outcomes.full_batch')})"


def limits_key(fields: Mapping[str, object]) -> str | None:
    """Which sentence of the room ``outcomes`` tells of the limits that fields hold.

    Example:
        >>> limits_key({"guaranteed": 1.9, "local": None}), limits_key({"cause": "scale"})
        ('guaranteed_alone', None)
    """
    if fields.get("which") is not None:
        # Files of earlier versions hold one of the two.
        return str(fields["which"])
    if fields.get("guaranteed") is not None:
        return "limits" if fields.get("local") is not None else "guaranteed_alone"
    return "local_alone" if fields.get("local") is not None else None
