"""The names of the losses and penalties; their paragraphs stand in ``texts`` under the same names."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

LOSSES = Catalogue(
    "loss",
    {
        "nll": "soloneuron.formulas.losses:NLL",
        "mse": "soloneuron.formulas.losses:MSE",
        "mae": "soloneuron.formulas.losses:MAE",
        "huber": "soloneuron.formulas.losses:Huber",
        "hinge": "soloneuron.formulas.losses:Hinge",
        "squared_hinge": "soloneuron.formulas.losses:SquaredHinge",
        "exponential": "soloneuron.formulas.losses:Exponential",
        "focal": "soloneuron.formulas.losses:Focal",
    },
)

PENALTIES = Catalogue(
    "penalty",
    {
        "l1": "soloneuron.formulas.penalties:L1",
        "l2": "soloneuron.formulas.penalties:L2",
        "elastic_net": "soloneuron.formulas.penalties:ElasticNet",
    },
)
