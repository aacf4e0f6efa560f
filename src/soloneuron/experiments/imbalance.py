"""When one class is rare, does another loss help? No; weights of classes do."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.data.makers import imbalanced
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Sheet, Verdict
from soloneuron.shapes import Theta
from soloneuron.training.api import fit

LOSSES = ("nll", "mse")


@dataclass(frozen=True)
class Imbalance(Experiment):
    """Balanced accuracy, the mean of the two classes' shares of right answers, on new rows."""

    name = "imbalance"
    rows: int = 1000
    share: float = 0.05
    epochs: int = 3000
    rate: float = 1.0

    def measure(self) -> Measured:
        """Both losses, with and without balanced weights."""
        data = imbalanced(self.rows, seed=self.seed, share=self.share)
        test = imbalanced(20 * self.rows, seed=self.seed + 1, share=self.share)
        numbers: dict[str, float] = {"share": self.share}
        table = []
        for kind, weight in (("plain", None), ("balanced", "balanced")):
            for loss in LOSSES:
                history = fit(
                    data,
                    loss=loss,
                    class_weight=weight,
                    learning_rate=self.rate,
                    epochs=self.epochs,
                    record_every=self.epochs,
                )
                found = balanced_accuracy(test, history.theta[-1])
                numbers[f"{kind}.{loss}"] = found
                table.append((loss.upper(), self.word(kind), found))
        heads = (shared("loss"), self.word("weights"), self.word("balanced_accuracy"))
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The difference between losses beside the difference that weights make."""
        nll, mse = numbers["plain.nll"], numbers["plain.mse"]
        weighted = numbers["balanced.nll"]
        return (
            cls.verdict("loss", abs(nll - mse) < 0.05, nll=nll, mse=mse, share=numbers["share"]),
            cls.verdict("weights", weighted > nll + 0.05, plain=nll, weighted=weighted),
        )


def balanced_accuracy(data: Dataset, theta: Theta) -> float:
    """The mean over classes of the share of right answers."""
    said = Neuron().logits(theta, data.features) > 0
    ones = data.labels > 0.5
    return float((said[ones].double().mean() + (~said[~ones]).double().mean()) / 2)
