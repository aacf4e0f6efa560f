"""All files that are made from the library's formulas."""

from __future__ import annotations

from soloneuron.webmath.rules import rules_text


def generated_files() -> dict[str, str]:
    """Every file of ``view/source/generated``: its name and its text."""
    return {"rules.ts": rules_text()}
