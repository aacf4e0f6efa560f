"""The names of the experiments by the chapters of the report, in its order."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

_PLACES = {
    "assignment": {
        "assignment": "assignment:AssignmentRuns",
    },
    "batches": {
        "batch_noise": "batch_noise:BatchNoise",
        "duplicates": "duplicates:Duplicates",
        "batch_sizes": "batch_sizes:BatchSizes",
    },
    "surface": {
        "condition": "condition:Condition",
        "rate_cliff": "rate_cliff:RateCliff",
        "features": "features:FeatureShapes",
        "rotation": "rotation:Rotation",
    },
    "loss": {
        "saturated": "saturated:Saturated",
        "outliers": "gross_outliers:GrossOutliers",
        "label_noise": "noisy_labels:NoisyLabels",
        "imbalance": "imbalance:Imbalance",
        "separable": "separable:Separable",
    },
    "optimizers": {
        "race": "race:Race",
        "tuning_free": "tuning_free:TuningFree",
        "rare_feature": "rare_features:RareFeatures",
        "saddle": "surface_race:SaddleEscape",
        "plateau": "surface_race:PlateauCrossing",
        "rosenbrock": "surface_race:RosenbrockValley",
        "concept_flip": "concept_flip:ConceptFlip",
        "heavy_tails": "heavy_tails:HeavyTails",
        "nesterov_nag": "nesterov_nag:NesterovAndNAG",
        "weight_decay": "weight_decay:WeightDecay",
    },
}

CHAPTERS = {chapter: tuple(places) for chapter, places in _PLACES.items()}
"""The chapters of the report; every experiment stands in one."""

EXPERIMENTS = Catalogue(
    "experiment",
    {
        name: f"soloneuron.experiments.{place}"
        for places in _PLACES.values()
        for name, place in places.items()
    },
)
