"""Scalar automatic differentiation in plain Python: standard library only."""

from soloneuron.element.element import Element
from soloneuron.element.functions import cross_entropy, dot, logsumexp, maximum, minimum, softmax, total
from soloneuron.element.gradcheck import gradcheck, hessian

__all__ = [
    "Element",
    "cross_entropy",
    "dot",
    "gradcheck",
    "hessian",
    "logsumexp",
    "maximum",
    "minimum",
    "softmax",
    "total",
]
