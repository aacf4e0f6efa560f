"""The names of the optimizers and schedules; their paragraphs stand in ``texts`` under the same names."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

OPTIMIZERS = Catalogue(
    "optimizer",
    {
        "gradient_descent": "soloneuron.optimizers.descent:GradientDescent",
        "momentum": "soloneuron.optimizers.momentum:Momentum",
        "nesterov": "soloneuron.optimizers.nesterov:Nesterov",
        "nag": "soloneuron.optimizers.nag:NAG",
        "adagrad": "soloneuron.optimizers.adagrad:Adagrad",
        "adagrad_norm": "soloneuron.optimizers.adagrad_norm:AdagradNorm",
        "adadelta": "soloneuron.optimizers.adadelta:Adadelta",
        "rmsprop": "soloneuron.optimizers.rmsprop:RMSProp",
        "adam": "soloneuron.optimizers.adam:Adam",
        "amsgrad": "soloneuron.optimizers.amsgrad:AMSGrad",
        "adamw": "soloneuron.optimizers.adamw:AdamW",
        "nadam": "soloneuron.optimizers.nadam:Nadam",
        "adamax": "soloneuron.optimizers.adamax:Adamax",
        "radam": "soloneuron.optimizers.radam:RAdam",
        "rprop": "soloneuron.optimizers.rprop:Rprop",
        "asgd": "soloneuron.optimizers.asgd:ASGD",
        "lbfgs": "soloneuron.optimizers.lbfgs:LBFGS",
        "newton": "soloneuron.optimizers.newton:Newton",
        "lion": "soloneuron.optimizers.lion:Lion",
        "adabelief": "soloneuron.optimizers.adabelief:AdaBelief",
        "schedule_free_sgd": "soloneuron.optimizers.schedule_free:ScheduleFreeSGD",
        "schedule_free_adamw": "soloneuron.optimizers.schedule_free_adamw:ScheduleFreeAdamW",
        "signum": "soloneuron.optimizers.signum:Signum",
        "qhm": "soloneuron.optimizers.qhm:QHM",
        "yogi": "soloneuron.optimizers.yogi:Yogi",
        "ademamix": "soloneuron.optimizers.ademamix:AdEMAMix",
        "barzilai_borwein": "soloneuron.optimizers.barzilai_borwein:BarzilaiBorwein",
        "polyak_step": "soloneuron.optimizers.polyak_step:PolyakStep",
        "restarted_nag": "soloneuron.optimizers.restarted_nag:RestartedNAG",
        "conjugate_gradient": "soloneuron.optimizers.conjugate_gradient:ConjugateGradient",
        "dog": "soloneuron.optimizers.dog:DoG",
        "prodigy": "soloneuron.optimizers.prodigy:Prodigy",
    },
)

NINE = ("momentum", "nesterov", "nag", "adagrad", "adadelta", "rmsprop", "adam", "nadam", "adamw")
"""The methods that the assignment names."""

ALIASES = {"sgd": "gradient_descent"}
"""Second names: understood where a name is read, absent from lists."""

SCHEDULES = Catalogue(
    "schedule",
    {
        "constant": "soloneuron.optimizers.schedules:Constant",
        "step": "soloneuron.optimizers.schedules:StepDecay",
        "exponential": "soloneuron.optimizers.schedules:ExponentialDecay",
        "cosine": "soloneuron.optimizers.schedules:Cosine",
        "warm_up": "soloneuron.optimizers.schedules:WarmUp",
        "inverse_sqrt": "soloneuron.optimizers.schedules:InverseSqrt",
        "one_cycle": "soloneuron.optimizers.schedules:OneCycle",
        "polynomial": "soloneuron.optimizers.schedules:Polynomial",
    },
)

SCHEDULE_CLASSES = {place.partition(":")[2]: name for name, place in SCHEDULES.items()}
"""The names that schedules have in Python: understood where a schedule is read."""
