from . import element, optimizers
from .checking.checks import check
from .compiler import Compiled, EagerObjective, compile, compile_graph
from .data.assignment import assignment_data
from .data.catalogue import make_dataset
from .data.datasets import read_dataset
from .data.tiles.stream import stream
from .element import Element
from .errors import (
    GraphError,
    InputError,
    InputWarning,
    MissingExtraError,
    ProcessError,
    RecordError,
    ShapeError,
    SoloneuronError,
    TrainingWarning,
    UnknownNameError,
)
from .estimator import NeuronClassifier
from .estimator_cv import NeuronClassifierCV
from .formulas.losses import MAE, MSE, NLL, Exponential, Focal, Hinge, Huber, Loss, SquaredHinge
from .formulas.penalties import L1, L2, ElasticNet, Penalty
from .neuron import Neuron
from .objective import Objective
from .optimizers import (
    ASGD,
    LBFGS,
    NAG,
    QHM,
    AdaBelief,
    Adadelta,
    Adagrad,
    AdagradNorm,
    Adam,
    Adamax,
    AdamW,
    AdEMAMix,
    AMSGrad,
    BarzilaiBorwein,
    ConjugateGradient,
    DoG,
    GradientDescent,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    Newton,
    Optimizer,
    PolyakStep,
    Prodigy,
    RAdam,
    RestartedNAG,
    RMSProp,
    Rprop,
    ScheduleFreeAdamW,
    ScheduleFreeSGD,
    Signum,
    Yogi,
    check_optimizer,
)
from .playing.frame import playground
from .records.dataset import Dataset
from .records.history import History
from .records.recipe import Recipe
from .result.comparing import Comparison, compare
from .result.fitting import fit, train_neuron
from .result.minimizing import Path, minimize
from .result.model import Model, load_model, save_model
from .result.plotting import plot
from .result.run import Run, load_run, save_run
from .result.sharding import shard
from .result.sweeping import Sweep, sweep
from .texts.language import language
from .training.prepare import prepare
from .training.session import Training

__version__: str

__all__ = [
    "ASGD",
    "L1",
    "L2",
    "LBFGS",
    "MAE",
    "MSE",
    "NAG",
    "NLL",
    "QHM",
    "AMSGrad",
    "AdEMAMix",
    "AdaBelief",
    "Adadelta",
    "Adagrad",
    "AdagradNorm",
    "Adam",
    "AdamW",
    "Adamax",
    "BarzilaiBorwein",
    "Comparison",
    "Compiled",
    "ConjugateGradient",
    "Dataset",
    "DoG",
    "EagerObjective",
    "ElasticNet",
    "Element",
    "Exponential",
    "Focal",
    "GradientDescent",
    "GraphError",
    "Hinge",
    "History",
    "Huber",
    "InputError",
    "InputWarning",
    "Lion",
    "Loss",
    "MissingExtraError",
    "Model",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Neuron",
    "NeuronClassifier",
    "NeuronClassifierCV",
    "Newton",
    "Objective",
    "Optimizer",
    "Path",
    "Penalty",
    "PolyakStep",
    "ProcessError",
    "Prodigy",
    "RAdam",
    "RMSProp",
    "Recipe",
    "RecordError",
    "RestartedNAG",
    "Rprop",
    "Run",
    "ScheduleFreeAdamW",
    "ScheduleFreeSGD",
    "ShapeError",
    "Signum",
    "SoloneuronError",
    "SquaredHinge",
    "Sweep",
    "Training",
    "TrainingWarning",
    "UnknownNameError",
    "Yogi",
    "assignment_data",
    "check",
    "check_optimizer",
    "compare",
    "compile",
    "compile_graph",
    "element",
    "fit",
    "language",
    "load_model",
    "load_run",
    "make_dataset",
    "minimize",
    "optimizers",
    "playground",
    "plot",
    "prepare",
    "read_dataset",
    "save_model",
    "save_run",
    "shard",
    "stream",
    "sweep",
    "train_neuron",
]
