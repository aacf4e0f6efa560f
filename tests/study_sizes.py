"""Every experiment at a size that a test can wait for; one that is not named is small as it is."""

from dataclasses import replace

from soloneuron.experiments.catalogue import EXPERIMENTS

SMALL = {
    "batch_noise": {"rows": 64, "epochs": 20, "updates": 1500, "rates": (0.02, 0.05), "seeds": 8},
    "duplicates": {"rows": 2000, "different": 25},
    "batch_sizes": {"rows": 512, "epochs": 48, "sizes": (4, 32), "seeds": 3},
    "condition": {"rows": 100, "factors": (1.0, 5.0)},
    "rate_cliff": {"rows": 100, "epochs": 600, "count": 5},
    "features": {"rows": 60, "epochs": 60, "raced": 40},
    "rotation": {"condition": 50.0, "steps": 300},
    "saturated": {"rows": 60, "epochs": 400},
    "outliers": {"rows": 150, "count": 5, "epochs": 2500},
    "label_noise": {"rows": 200, "tested": 1000, "epochs": 500},
    "imbalance": {"rows": 400, "epochs": 600},
    "separable": {"rows": 60, "epochs": 10_000},
    "race": {"epochs": 6, "seeds": 2, "share": 0.3},
    "tuning_free": {"budget": 40, "seeds": 2, "share": 0.3},
    "rare_feature": {"rows": 800, "epochs": 3},
    "saddle": {"steps": 500, "starts": 3, "drawn": 20},
    "plateau": {"steps": 100, "drawn": 20},
    "rosenbrock": {"steps": 400, "starts": 3, "drawn": 20},
    "concept_flip": {"rows": 100, "before": 1500, "after": 500},
    "heavy_tails": {"steps": 150, "seeds": 100},
    "nesterov_nag": {"steps": 30},
    "weight_decay": {"rows": 100, "epochs": 1200},
}


def small(name):
    """The experiment, small."""
    return EXPERIMENTS.load(name)(**SMALL.get(name, {}))


BRIEF = {
    "batch_noise": {"epochs": 3, "updates": 60, "seeds": 2},
    "batch_sizes": {"epochs": 8, "seeds": 1},
    "features": {"epochs": 20, "raced": 5},
    "rotation": {"steps": 60},
    "outliers": {"epochs": 40},
    "label_noise": {"epochs": 20, "rows": 60, "tested": 100},
    "imbalance": {"epochs": 30},
    "separable": {"epochs": 1000},
    "concept_flip": {"before": 60, "after": 30},
    "weight_decay": {"epochs": 40},
    "saddle": {"steps": 60, "starts": 2, "tested": 2, "drawn": 3},
    "plateau": {"steps": 20, "starts": 2, "tested": 2, "drawn": 3},
    "rosenbrock": {"steps": 150, "starts": 2, "tested": 2, "drawn": 3},
    "race": {"epochs": 1, "seeds": 2, "share": 0.4},
    "tuning_free": {"budget": 8, "seeds": 2, "share": 0.4},
    "rare_feature": {"rows": 200, "epochs": 1},
    "heavy_tails": {"steps": 20, "seeds": 10},
    "saturated": {"epochs": 60},
    "rate_cliff": {"epochs": 60},
}


def brief(name, seed):
    """The experiment, too small to find anything, from a seed."""
    return replace(small(name), **BRIEF.get(name, {}), seed=seed)


SMALL_OWN = {
    "batch_noise": {"epochs": 20, "updates": 1500, "rates": (0.02, 0.05), "seeds": 8},
    "batch_sizes": {"epochs": 16, "seeds": 1},
    "rate_cliff": {"epochs": 800, "count": 5},
    "features": {"epochs": 150},
    "rotation": {"steps": 100},
    "saturated": {"epochs": 500},
    "outliers": {"epochs": 1500},
    "label_noise": {"epochs": 300, "repeats": 2},
    "imbalance": {"epochs": 300, "repeats": 2},
    "separable": {"epochs": 10_000},
    "race": {"epochs": 5, "seeds": 2, "share": 0.3},
    "tuning_free": {"budget": 30, "seeds": 2, "share": 0.3},
    "rare_feature": {"epochs": 3},
    "concept_flip": {"before": 300, "after": 100},
    "nesterov_nag": {"steps": 30},
    "weight_decay": {"epochs": 800},
}


def small_own(name, own):
    """The experiment on somebody's own rows, small."""
    return EXPERIMENTS.load(name)(data=own, **SMALL_OWN.get(name, {}))
