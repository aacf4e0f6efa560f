"""Scalar automatic differentiation in plain Python: standard library only.

Networks of Elements are in ``soloneuron.element.layers``.
"""

from soloneuron.element.drawing import Drawing, backward_steps, draw
from soloneuron.element.element import Element
from soloneuron.element.expressions import draw_expression, parse_expression
from soloneuron.element.functions import (
    atan2,
    clamp,
    cross_entropy,
    dot,
    logsumexp,
    maximum,
    minimum,
    softmax,
    total,
    where,
)
from soloneuron.element.gradcheck import GradientReport, gradcheck, hessian

__all__ = [
    "Drawing",
    "Element",
    "GradientReport",
    "atan2",
    "backward_steps",
    "clamp",
    "cross_entropy",
    "dot",
    "draw",
    "draw_expression",
    "gradcheck",
    "hessian",
    "logsumexp",
    "maximum",
    "minimum",
    "parse_expression",
    "softmax",
    "total",
    "where",
]
