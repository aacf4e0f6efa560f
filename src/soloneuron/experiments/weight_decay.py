"""Is Adam with an L2 penalty the same as AdamW? No: Adam divides the penalty's pull away."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from soloneuron.data.makers import stretched
from soloneuron.experiments.base import Experiment, Measured, Numbers
from soloneuron.optimizers import Adam, AdamW
from soloneuron.records.findings import Sheet, Verdict
from soloneuron.training.api import fit

DECAYS = (0.0, 0.01, 0.03, 0.1, 0.3)


@dataclass(frozen=True)
class WeightDecay(Experiment):
    """Features of different width; how much of each weight a decay leaves, relative to none."""

    name = "weight_decay"
    rows: int = 300
    factor: float = 5.0
    epochs: int = 3000
    rate: float = 0.01

    def measure(self) -> Measured:
        """Both methods at every decay, the decays one tensor of runs."""
        data = stretched(self.rows, seed=self.seed, factor=self.factor)
        decays = torch.tensor(DECAYS, dtype=torch.float64)[:, None]
        numbers: dict[str, float] = {}
        left = {}
        for kind, rule in (("l2", Adam), ("decoupled", AdamW)):
            optimizer = rule(learning_rate=self.rate, weight_decay=decays)
            history = fit(data, optimizer=optimizer, epochs=self.epochs, record_every=self.epochs)
            weights = history.theta[-1][:, :2].abs()
            left[kind] = (weights / weights[0]).tolist()
        for k, decay in enumerate(DECAYS):
            for kind, shares in left.items():
                numbers |= {f"{kind}.narrow.{decay:g}": shares[k][0], f"{kind}.wide.{decay:g}": shares[k][1]}
        table = tuple((decay, *left["l2"][k], *left["decoupled"][k]) for k, decay in enumerate(DECAYS))
        heads = [
            self.word(part, method=name) for name in ("Adam + L2", "AdamW") for part in ("narrow", "wide")
        ]
        return Measured(numbers, (Sheet(self.word("table"), (self.word("decay"), *heads), table),))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The ratio between what is left of the two weights, under either decay."""
        decay = f"{DECAYS[-2]:g}"
        fields = {name: numbers[f"{name.replace('_', '.')}.{decay}"] for name in _PARTS}
        differ = any(abs(fields[f"l2_{x}"] - fields[f"decoupled_{x}"]) > 0.05 for x in ("narrow", "wide"))
        return (cls.verdict("differ", differ, decay=float(decay), **fields),)


_PARTS = ("l2_narrow", "l2_wide", "decoupled_narrow", "decoupled_wide")
