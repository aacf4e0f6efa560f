"""Losses of one prediction, written in the logit z, with first and second derivative.

Letters: z the logit, y the label, p = sigmoid(z), q = 1 - p = sigmoid(-z), s = 2y - 1 the sign of a hard
label, m = s z its margin. Everything works elementwise and broadcasts; dtype in is dtype out. Each
loss costs nothing for a perfect prediction and is symmetric: value(z, y) = value(-z, 1 - y).
"""

from soloneuron.formulas.losses.base import Loss, as_loss, parameters
from soloneuron.formulas.losses.error import MAE, MSE, Huber
from soloneuron.formulas.losses.likelihood import NLL, Focal
from soloneuron.formulas.losses.margin import Exponential, Hinge, SquaredHinge

__all__ = [
    "MAE",
    "MSE",
    "NLL",
    "Exponential",
    "Focal",
    "Hinge",
    "Huber",
    "Loss",
    "SquaredHinge",
    "as_loss",
    "parameters",
]
