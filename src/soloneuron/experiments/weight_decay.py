"""Is Adam with an L2 penalty the same as AdamW? No: Adam divides the penalty's pull away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from soloneuron.data.synthetic import OVERLAPPING, make_stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, claim_key
from soloneuron.experiments.trained import train
from soloneuron.optimizers import Adam, AdamW
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord

DECAYS = (0.0, 0.01, 0.03, 0.1, 0.3)

_SHOWN_DECAY = -2
"""The decay that the conclusion is about."""


@dataclass(frozen=True)
class WeightDecay(OnRows):
    """Features of different width; how much of each weight a decay leaves, relative to none.

    On somebody's own rows: how much of the length of all weights.
    """

    name = "weight_decay"
    own_sizes: ClassVar = {"epochs": 2000}
    rows: int = 300
    factor: float = 5.0
    epochs: int = 3000
    rate: float = 0.01

    def measure(self) -> Measured:
        """Both methods at every decay, the decays one tensor of runs."""
        made = self.data is None
        data = (
            make_stretched(self.rows, seed=self.seed, factor=self.factor, distance=OVERLAPPING)
            if self.data is None
            else self.data.even
        )
        decays = torch.tensor(DECAYS, dtype=torch.float64)[:, None]
        numbers: dict[str, float] = {"own": self.own}
        runs: dict[str, RunRecord] = {}
        parts = ("narrow", "wide") if made else ("all",)
        for kind, rule in (("l2", Adam), ("decoupled", AdamW)):
            optimizer = rule(learning_rate=self.rate, weight_decay=decays)
            options = {
                "epochs": self.epochs,
                "record_every": max(1, self.epochs // 100),
                "penalty": self.penalty,
            }
            done = train(data, optimizer=optimizer, **options)
            runs |= {"none": done.run(0), kind: done.run(len(DECAYS) + _SHOWN_DECAY)}
            weights = done.history.theta[-1][:, :-1].abs()
            weights = weights if made else torch.linalg.vector_norm(weights, dim=1, keepdim=True)
            for part, shares in zip(parts, (weights / weights[0].clamp(min=1e-300)).T.tolist(), strict=True):
                numbers |= {f"{kind}.{part}.{d:g}": share for d, share in zip(DECAYS, shares, strict=True)}
        columns = [(kind, part) for kind in ("l2", "decoupled") for part in parts]
        table = [(d, *(numbers[f"{kind}.{part}.{d:g}"] for kind, part in columns)) for d in DECAYS]
        heads = [self.word(part, method=TITLES[kind]) for kind, part in columns]
        title = self.word(claim_key("table", numbers))
        lines = tuple(
            Series(head, DECAYS, tuple(numbers[f"{kind}.{part}.{d:g}"] for d in DECAYS))
            for head, (kind, part) in zip(heads, columns, strict=True)
        )
        chart = Chart("lines", title, lines, self.word("decay"), self.word("share"))
        sheet = Sheet(title, (self.word("decay"), *heads), tuple(table))
        return Measured(numbers, (sheet,), (chart,), runs)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The difference between what is left under either decay."""
        decay, parts = f"{DECAYS[_SHOWN_DECAY]:g}", ("all",) if numbers["own"] else ("narrow", "wide")
        left = {f"{kind}_{part}": numbers[f"{kind}.{part}.{decay}"] for kind in TITLES for part in parts}
        differ = any(abs(left[f"l2_{part}"] - left[f"decoupled_{part}"]) > 0.05 for part in parts)
        percent = {name: 100 * share for name, share in left.items()}
        return (cls.verdict(claim_key("differ", numbers), differ, decay=float(decay), **percent),)


TITLES = {"l2": "Adam + L2", "decoupled": "AdamW"}
