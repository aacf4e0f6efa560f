"""ASGD: gradient descent whose answer is the average of its late iterates."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class ASGD(Optimizer):
    """Step with a slowly falling rate, answer with the average.

    Formula, with z the iterate, where the gradient is wanted, and theta the average::

        eta = rate / (1 + lambd rate (t - 1))^alpha
        z <- (1 - lambd eta) z - eta * g
        theta <- theta + (z - theta) / max(1, t - 1 - t0)

    Up to step t0 + 2 theta is z itself.

    Args:
        lambd: a pull towards 0, finite and >= 0; 1e-4 unless given.
        alpha: how fast the rate falls, in [0, 1]; 0.75 unless given.
        t0: when averaging starts, finite and >= 0; 1e6 unless given.
        decay: "coupled" only: what decays is z.

    Source: Polyak and Juditsky, SIAM Journal on Control 30 (1992); Bottou's svmsgd for the defaults. Equals
    torch.optim.ASGD, which leaves z in the parameter and hides the average in its state ("ax").
    """

    name = "asgd"
    slots = ("z",)
    needs = "gradient at its point"
    learning_rate = number(0.01, "(0, inf)", schedule=True)
    decay = choice("coupled")
    lambd = number(1e-4, "[0, inf)")
    alpha = number(0.75, "[0, 1]")
    t0 = number(1e6, "[0, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "g = grad(z)",
            "eta = rate / (1 + lambd * rate * (t - 1)) ** alpha",
            "z = (1 - lambd * eta) * z - eta * g",
            "theta = theta + (z - theta) / max(1, t - 1 - t0)",
        )

    def begins(self) -> dict[str, str]:
        """The iterate starts at theta."""
        return {"z": "theta"}

    def point(self, theta: Theta, workspace: tuple[Tensor, ...], context: StepContext) -> Theta:  # noqa: ARG002
        """The iterate z."""
        return workspace[0]

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The rate eta, the pull 1 - lambd eta and the share of z in the average."""
        t = context.t - 1
        context.rate = context.rate / (1 + self.lambd * context.rate * t) ** self.alpha
        context.extra = 1 - self.lambd * context.rate, 1 / max(1.0, t - self.t0)

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """Step z, then draw the average after it."""
        (z,), (pull, share) = workspace, context.extra
        super().move(z.mul_(pull), g, workspace, context)
        theta.lerp_(z, share)

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:  # noqa: ARG002
        """The gradient itself."""
        return g
