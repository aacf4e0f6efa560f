"""The line search of L-BFGS as TypeScript."""

from __future__ import annotations

import ast
import inspect

from soloneuron.formulas.newton import DECREASE
from soloneuron.optimizers import wolfe
from soloneuron.webmath.statements import module_source
from soloneuron.webmath.typescript import GENERATED_HEAD, constant


def wolfe_source() -> str:
    """The file ``wolfe.ts``."""
    lines = module_source(ast.parse(inspect.getsource(wolfe)))
    return "\n".join([f"{GENERATED_HEAD}\nconst DECREASE = {constant(DECREASE)};", *lines, ""])
