"""The names of the experiments, in the order of the report."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

_PACKAGE = "soloneuron.experiments"

EXPERIMENTS = Catalogue(
    "experiment",
    {
        "assignment": f"{_PACKAGE}.assignment:AssignmentRuns",
        "batch_noise": f"{_PACKAGE}.batch_noise:BatchNoise",
        "duplicates": f"{_PACKAGE}.duplicates:Duplicates",
        "batch_sizes": f"{_PACKAGE}.batch_sizes:BatchSizes",
        "condition": f"{_PACKAGE}.condition:Condition",
        "rate_cliff": f"{_PACKAGE}.rate_cliff:RateCliff",
        "features": f"{_PACKAGE}.features:FeatureShapes",
        "rotation": f"{_PACKAGE}.rotation:Rotation",
        "saturated": f"{_PACKAGE}.saturated:Saturated",
        "outliers": f"{_PACKAGE}.gross_outliers:GrossOutliers",
        "label_noise": f"{_PACKAGE}.noisy_labels:NoisyLabels",
        "imbalance": f"{_PACKAGE}.imbalance:Imbalance",
        "separable": f"{_PACKAGE}.separable:Separable",
        "race": f"{_PACKAGE}.race:Race",
        "rare_feature": f"{_PACKAGE}.rare_features:RareFeatures",
        "saddle": f"{_PACKAGE}.surface_race:SaddleEscape",
        "plateau": f"{_PACKAGE}.surface_race:PlateauCrossing",
        "rosenbrock": f"{_PACKAGE}.surface_race:RosenbrockValley",
        "concept_flip": f"{_PACKAGE}.concept_flip:ConceptFlip",
        "heavy_tails": f"{_PACKAGE}.heavy_tails:HeavyTails",
        "nesterov_nag": f"{_PACKAGE}.nesterov_nag:NesterovAndNAG",
        "weight_decay": f"{_PACKAGE}.weight_decay:WeightDecay",
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
