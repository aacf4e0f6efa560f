"""Every tolerance of the tests, with its reason."""

ENGINES = 1e-12
"""Two orders of the same sums in float64: a few hundred roundings of 1e-16, and room."""

ORACLE = 1e-12
"""Our formula against autograd's, both in float64, over a hundred steps."""

COMPLEX_STEP = 1e-13
"""Im f(z + ih)/h has no truncation error; what is left is rounding, relative to the size of the terms."""

FLOAT32 = 2e-6
"""Sixteen units in the last place of float32."""

FOUR_DECIMALS = 0.0
"""The assignment's printed numbers: equal after rounding, not near."""
