"""A graph of Elements becomes the torch code that a person would write."""

from soloneuron.compiler.compiled import Compiled, Report
from soloneuron.compiler.door import compile
from soloneuron.compiler.eager import EagerObjective

__all__ = ["Compiled", "EagerObjective", "Report", "compile"]
