"""A graph of Elements becomes the torch code that a person would write."""

from soloneuron.compiler.compiled import Compiled, Report
from soloneuron.compiler.eager import EagerObjective
from soloneuron.compiler.interface import compile, compile_graph
from soloneuron.compiler.losses import CompiledLosses, compile_losses
from soloneuron.compiler.second_order import HessianProduct, compile_hessian_product

__all__ = [
    "Compiled",
    "CompiledLosses",
    "EagerObjective",
    "HessianProduct",
    "Report",
    "compile",
    "compile_graph",
    "compile_hessian_product",
    "compile_losses",
]
