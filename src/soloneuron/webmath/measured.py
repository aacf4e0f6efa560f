"""The small real data sets as TypeScript: the numbers that Python has."""

from __future__ import annotations

import json

from soloneuron.data.measured import CENTERS, TENTHS, tenths
from soloneuron.webmath.typescript import GENERATED_HEAD

KIND = "Readonly<Record<string, readonly [zeros: number, centers: string, steps: string, second: string]>>"


def measured_source() -> str:
    """The text of ``generated/measured.ts``."""
    lines = [
        GENERATED_HEAD,
        "/** So many units are 1. */",
        f"export const TENTHS = {TENTHS};\n",
        "/** How many rows of class 0 come first, what is taken from the columns, x1 in steps, and x2. */",
        f"export const MEASURED: {KIND} = {{",
    ]
    for name, centers in CENTERS.items():
        zeros, *columns = tenths(name)
        lines.append(f"  {name}: {json.dumps([zeros, ' '.join(map(str, centers)), *columns])},")
    return "\n".join([*lines, "};", ""])
