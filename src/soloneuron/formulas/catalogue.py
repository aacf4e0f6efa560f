"""The names of losses, penalties and surfaces; their paragraphs stand in ``texts`` under the same names."""

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

SURFACES = Catalogue(
    "surface",
    {
        "bowl": "soloneuron.formulas.surfaces:Bowl",
        "ravine": "soloneuron.formulas.surfaces:Ravine",
        "rotated_ravine": "soloneuron.formulas.surfaces:RotatedRavine",
        "rosenbrock": "soloneuron.formulas.surfaces:Rosenbrock",
        "beale": "soloneuron.formulas.surfaces:Beale",
        "himmelblau": "soloneuron.formulas.surfaces:Himmelblau",
        "goldstein_price": "soloneuron.formulas.surfaces:GoldsteinPrice",
        "rastrigin": "soloneuron.formulas.stalling_surfaces:Rastrigin",
        "saddle": "soloneuron.formulas.stalling_surfaces:Saddle",
        "plateau": "soloneuron.formulas.stalling_surfaces:Plateau",
        "kink": "soloneuron.formulas.stalling_surfaces:Kink",
    },
)
