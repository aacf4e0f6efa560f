"""A graph of Elements becomes the torch code that a person would write."""

from soloneuron.compiler.compiled import Compiled, Report
from soloneuron.compiler.eager import EagerObjective
from soloneuron.compiler.interface import compile, compile_graph

__all__ = ["Compiled", "EagerObjective", "Report", "compile", "compile_graph"]
