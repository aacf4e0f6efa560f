from .adabelief import AdaBelief
from .adadelta import Adadelta
from .adagrad import Adagrad
from .adagrad_norm import AdagradNorm
from .adam import Adam
from .adamax import Adamax
from .adamw import AdamW
from .ademamix import AdEMAMix
from .amsgrad import AMSGrad
from .asgd import ASGD
from .base import Optimizer
from .descent import GradientDescent
from .examination import check_optimizer
from .lbfgs import LBFGS
from .lion import Lion
from .momentum import Momentum
from .nadam import Nadam
from .nag import NAG, nesterov_momentum, strongly_convex_momentum, sutskever_momentum
from .nesterov import Nesterov
from .newton import Newton
from .qhm import QHM
from .radam import RAdam
from .rmsprop import RMSProp
from .rprop import Rprop
from .schedule_free import ScheduleFreeSGD
from .schedule_free_adamw import ScheduleFreeAdamW
from .settings import choice, count, flag, number
from .signum import Signum
from .state import OptimizerState
from .wrappers import SAM, Averaged, Cautious, Clipped, Decayed, Lookahead
from .yogi import Yogi

__all__ = [
    "ASGD",
    "LBFGS",
    "NAG",
    "QHM",
    "SAM",
    "AMSGrad",
    "AdEMAMix",
    "AdaBelief",
    "Adadelta",
    "Adagrad",
    "AdagradNorm",
    "Adam",
    "AdamW",
    "Adamax",
    "Averaged",
    "Cautious",
    "Clipped",
    "Decayed",
    "GradientDescent",
    "Lion",
    "Lookahead",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Newton",
    "Optimizer",
    "OptimizerState",
    "RAdam",
    "RMSProp",
    "Rprop",
    "ScheduleFreeAdamW",
    "ScheduleFreeSGD",
    "Signum",
    "Yogi",
    "check_optimizer",
    "choice",
    "count",
    "flag",
    "nesterov_momentum",
    "number",
    "strongly_convex_momentum",
    "sutskever_momentum",
]
