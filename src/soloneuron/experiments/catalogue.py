"""The names of the experiments, in the order of the report."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

_ROOM = "soloneuron.experiments"

EXPERIMENTS = Catalogue(
    "experiment",
    {
        "assignment": f"{_ROOM}.assignment:AssignmentRuns",
        "batch_noise": f"{_ROOM}.batch_noise:BatchNoise",
        "duplicates": f"{_ROOM}.duplicates:Duplicates",
        "batch_sizes": f"{_ROOM}.batch_sizes:BatchSizes",
        "condition": f"{_ROOM}.condition:Condition",
        "rate_cliff": f"{_ROOM}.rate_cliff:RateCliff",
        "features": f"{_ROOM}.features:FeatureShapes",
        "rotation": f"{_ROOM}.rotation:Rotation",
        "saturated": f"{_ROOM}.saturated:Saturated",
        "outliers": f"{_ROOM}.gross_outliers:GrossOutliers",
        "label_noise": f"{_ROOM}.noisy_labels:NoisyLabels",
        "imbalance": f"{_ROOM}.imbalance:Imbalance",
        "separable": f"{_ROOM}.separable:Separable",
        "race": f"{_ROOM}.race:Race",
        "rare_feature": f"{_ROOM}.rare_features:RareFeatures",
        "saddle": f"{_ROOM}.surface_race:SaddleEscape",
        "plateau": f"{_ROOM}.surface_race:PlateauCrossing",
        "rosenbrock": f"{_ROOM}.surface_race:RosenbrockValley",
        "concept_flip": f"{_ROOM}.concept_flip:ConceptFlip",
        "heavy_tails": f"{_ROOM}.heavy_tails:HeavyTails",
        "nesterov_nag": f"{_ROOM}.nesterov_nag:NesterovAndNAG",
        "weight_decay": f"{_ROOM}.weight_decay:WeightDecay",
    },
)

CHAPTERS = {
    "assignment": ("assignment",),
    "batches": ("batch_noise", "duplicates", "batch_sizes"),
    "surface": ("condition", "rate_cliff", "features", "rotation"),
    "loss": ("saturated", "outliers", "label_noise", "imbalance", "separable"),
    "optimizers": (
        "race",
        "rare_feature",
        "saddle",
        "plateau",
        "rosenbrock",
        "concept_flip",
        "heavy_tails",
        "nesterov_nag",
        "weight_decay",
    ),
}
"""The chapters of the report; every experiment stands in one."""
