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
from .barzilai_borwein import BarzilaiBorwein
from .base import Optimizer
from .conjugate_gradient import ConjugateGradient
from .descent import GradientDescent
from .dog import DoG
from .examination import check_optimizer
from .lbfgs import LBFGS
from .lion import Lion
from .momentum import Momentum
from .nadam import Nadam
from .nag import NAG, nesterov_momentum, strongly_convex_momentum, sutskever_momentum
from .nesterov import Nesterov
from .newton import Newton
from .polyak_step import PolyakStep
from .prodigy import Prodigy
from .qhm import QHM
from .radam import RAdam
from .restarted_nag import RestartedNAG
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
    "BarzilaiBorwein",
    "Cautious",
    "Clipped",
    "ConjugateGradient",
    "Decayed",
    "DoG",
    "GradientDescent",
    "Lion",
    "Lookahead",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Newton",
    "Optimizer",
    "OptimizerState",
    "PolyakStep",
    "Prodigy",
    "RAdam",
    "RMSProp",
    "RestartedNAG",
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
