"""Rules that move theta against a gradient; they know a vector, its gradient and their own memory.

::

    rule = Adam(learning_rate=0.01)         # or as_optimizer("adam", learning_rate=0.01)
    state = rule.start(theta)               # step counter and slots, apart from the rule
    point = rule.at(theta, state)           # where the gradient is wanted; often theta itself
    rule.step(theta, gradient, state)       # in place: theta and state change, the gradient never does
    rule.update(theta, objective, state)    # the same in one call, for every rule; LBFGS has only this
    state.copy(), theta.clone()             # a snapshot; going on from it is exact to the bit
    rule.save(state), rule.load(saved, theta)      # the same by slot name, for a file

theta is always the answer, so there is no mode to switch before one looks at it. theta may have leading run
axes and so may any hyperparameter: a rate (R, 1) with theta (R, d+1) trains R runs with the same code.
"""

from soloneuron.optimizers.adabelief import AdaBelief
from soloneuron.optimizers.adadelta import Adadelta
from soloneuron.optimizers.adagrad import Adagrad
from soloneuron.optimizers.adagrad_norm import AdagradNorm
from soloneuron.optimizers.adam import Adam
from soloneuron.optimizers.adamax import Adamax
from soloneuron.optimizers.adamw import AdamW
from soloneuron.optimizers.amsgrad import AMSGrad
from soloneuron.optimizers.asgd import ASGD
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.lbfgs import LBFGS
from soloneuron.optimizers.lion import Lion
from soloneuron.optimizers.momentum import Momentum
from soloneuron.optimizers.nadam import Nadam
from soloneuron.optimizers.nag import NAG, nesterov_momentum, strongly_convex_momentum, sutskever_momentum
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.nesterov import Nesterov
from soloneuron.optimizers.radam import RAdam
from soloneuron.optimizers.rmsprop import RMSProp
from soloneuron.optimizers.rprop import Rprop
from soloneuron.optimizers.schedule_free import ScheduleFreeSGD
from soloneuron.optimizers.settings import choice, count, flag, number
from soloneuron.optimizers.state import State

__all__ = [
    "ASGD",
    "LBFGS",
    "NAG",
    "AMSGrad",
    "AdaBelief",
    "Adadelta",
    "Adagrad",
    "AdagradNorm",
    "Adam",
    "AdamW",
    "Adamax",
    "GradientDescent",
    "Lion",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "RAdam",
    "RMSProp",
    "Rprop",
    "ScheduleFreeSGD",
    "State",
    "as_optimizer",
    "choice",
    "count",
    "flag",
    "nesterov_momentum",
    "number",
    "strongly_convex_momentum",
    "sutskever_momentum",
]
