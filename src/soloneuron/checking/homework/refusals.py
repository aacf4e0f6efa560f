"""Why a homework cannot be checked, in either language."""

from __future__ import annotations

from soloneuron.errors import InputError
from soloneuron.texts.phrases import Phrase, Said


def refusal(key: str, /, **fields: Said) -> InputError:
    """An error whose sentence stands with the texts, as ``faults.homework.KEY``.

    Example:
        >>> print(refusal("empty", path="hw.ipynb"))
        hw.ipynb holds no code: there is nothing to check
    """
    code = f"homework.{key}"
    return InputError(Phrase(f"faults.{code}", fields).say("en"), code=code, **fields)
