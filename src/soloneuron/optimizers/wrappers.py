"""Rules around rules: ``Lookahead(Adam())``, ``Clipped(Cautious("momentum"), norm=1.0)``."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.optimizers.guard import clipped, fitting
from soloneuron.optimizers.settings import choice, count, number, scheduled
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.wrapper import Wrapper
from soloneuron.shapes import Gradient, Theta, Values


class Lookahead(Wrapper):
    """Fast steps ahead, then a part of the way back to where a slow theta follows.

    Formula, every k steps::

        slow <- slow + alpha (theta - slow),  theta <- slow

    Args:
        rule: takes the fast steps.
        every: k >= 1, 5 unless given.
        alpha: in [0, 1], 0.5 unless given.

    Source: Zhang, Lucas, Hinton and Ba, NeurIPS (2019). optax keeps two parameters; here theta is the fast
    one between, and the slow one after every k steps.

    Example:
        >>> rule, theta = Lookahead("gradient_descent", every=2, learning_rate=0.5), torch.tensor([4.0])
        >>> state = rule.start(theta)
        >>> for _ in range(2):
        ...     rule.step(theta, torch.tensor([1.0]), state)
        >>> theta
        tensor([3.5000])
    """

    name = "lookahead"
    every = count(5, 1)
    alpha = number(0.5, "[0, 1]", tensor=False)

    def own_slots(self, theta: Theta) -> dict[str, Tensor]:
        """The slow theta."""
        return {"slow": theta.clone()}

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:
        """A fast step, and after every k of them the way back."""
        self.inner_step(theta, gradient, inner)
        if (state.t + 1) % self.every == 0:
            slow = state.slots["slow"]
            slow.lerp_(theta, self.alpha)
            theta.copy_(slow)


class Cautious(Wrapper):
    """No coordinate moves against its present gradient; the others move a little more.

    Formula, with u the inner rule's step of n coordinates::

        m = (u g > 0),  theta <- theta - u m n / (sum m + 1)

    Args:
        rule: makes the steps.

    Source: Liang, Chen, Liu and Liu, Cautious Optimizers (2024), algorithm 1. What decoupled decay moves is
    a part of u here.

    Example:
        >>> rule, theta = Cautious("momentum", learning_rate=1.0), torch.zeros(2)
        >>> rule.step(theta, torch.tensor([3.0, 0.0]), rule.start(theta))
        >>> theta
        tensor([-3., 0.])
    """

    name = "cautious"

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:  # noqa: ARG002
        """The inner step, without what goes up."""
        before, gradient = theta.clone(), gradient.clone()
        self.inner_step(theta, gradient, inner)
        u = before - theta
        agrees = (u * gradient > 0).to(theta)
        count = theta.shape[-1] if theta.dim() else 1
        share = count / (agrees.sum(-1, keepdim=True) + 1)
        theta.copy_(before - u * agrees * share)


class Averaged(Wrapper):
    """The answer is a running mean of where the inner rule goes, and the gradient is asked for there.

    Formula::

        z <- inner step,  theta <- theta + (1 - d) (z - theta),  d = min(mean_decay, (1 + t) / (10 + t))

    Args:
        rule: moves z.
        mean_decay: d, in [0, 1); 0.999 unless given.

    Source: Polyak and Juditsky, SIAM Journal on Control and Optimization 30 (1992), with the running mean and
    the warm-up of Tan and Le, EfficientNet, ICML (2019).

    Example:
        >>> rule, theta = Averaged("gradient_descent", mean_decay=0.5, learning_rate=1.0), torch.tensor([4.0])
        >>> rule.step(theta, torch.tensor([1.0]), rule.start(theta))
        >>> round(theta.item(), 4)
        3.1818
    """

    name = "averaged"
    mean_decay = number(0.999, "[0, 1)", tensor=False)

    def own_slots(self, theta: Theta) -> dict[str, Tensor]:
        """Where the inner rule stands."""
        return {"z": theta.clone()}

    def inside(self, theta: Theta, state: OptimizerState) -> Theta:  # noqa: ARG002
        """The inner rule moves z."""
        z: Theta = state.slots["z"]
        return z

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:
        """A step of z, and the mean after it."""
        z, t = state.slots["z"], state.t + 1
        self.inner_step(z, gradient, inner)
        theta.lerp_(z, 1 - min(self.mean_decay, (1 + t) / (10 + t)))


class SAM(Wrapper):
    """The gradient where a short step uphill leads: minima that are flat around are preferred.

    Formula, two gradients a step::

        g = grad f(theta + rho grad f(theta) / |grad f(theta)|), then the inner step with g

    Args:
        rule: takes the step.
        rho: finite and > 0, 0.05 unless given.

    Raises:
        InputError: also from ``step``: one gradient is not enough, call ``update``.

    Source: Foret, Kleiner, Mobahi and Neyshabur, ICLR (2021).

    Example:
        >>> rule, theta = SAM("gradient_descent", rho=1.0, learning_rate=0.5), torch.tensor([2.0])
        >>> _ = rule.update(theta, lambda x: (x.square().sum() / 2, x.clone()), rule.start(theta))
        >>> theta
        tensor([0.5000])
    """

    name = "sam"
    rho = number(0.05, "(0, inf)", tensor=False)

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:  # noqa: ARG002
        """Refused: one gradient is not enough."""
        raise InputError("SAM needs two gradients a step: call update(...)", code="sam.step")

    def asked(
        self, theta: Theta, objective: ValueAndGradient, state: OptimizerState
    ) -> tuple[Values, Gradient]:
        """The value where the inner rule asks, and the gradient uphill of it."""
        name, seen = type(self).__name__, []

        def first(point: Theta) -> tuple[Values, Gradient]:
            seen.append(point.detach().clone())
            return objective(point)

        value, gradient = super().asked(theta, first, state)
        point, gradient = seen[0], fitting(gradient, theta, name)
        length = torch.linalg.vector_norm(gradient, dim=-1 if theta.dim() else None, keepdim=True)
        tiny = torch.finfo(gradient.dtype).tiny
        _, uphill = objective(point + self.rho * gradient / length.clamp(min=tiny))
        return value, fitting(uphill, theta, name)

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:  # noqa: ARG002
        """The inner step with the gradient of uphill."""
        self.inner_step(theta, gradient, inner)


class Clipped(Wrapper):
    """The inner rule with a gradient that is not too large: values first, then the length of each run.

    Args:
        rule: takes the step.
        value: no coordinate is larger; None leaves them.
        norm: nor is the length of a run's gradient.

    Source: Pascanu, Mikolov and Bengio, ICML (2013).

    Example:
        >>> rule, theta = Clipped("gradient_descent", norm=1.0, learning_rate=1.0), torch.zeros(2)
        >>> rule.step(theta, torch.tensor([30.0, 40.0]), rule.start(theta))
        >>> theta
        tensor([-0.6000, -0.8000])
    """

    name = "clipped"
    value = number(None, "(0, inf)", tensor=False)
    norm = number(None, "(0, inf)", tensor=False)

    def check(self) -> None:
        """Refuse limits that limit nothing."""
        super().check()
        if self.value is None and self.norm is None:
            raise InputError("Clipped must have a value or a norm, got neither", code="clipped.nothing")

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:  # noqa: ARG002
        """A step with the clipped gradient."""
        self.inner_step(theta, clipped(gradient, self.value, self.norm), inner)


class Decayed(Wrapper):
    """The inner rule, with a theta that shrinks.

    Formula, with lambda the strength::

        theta <- (1 - rate lambda) theta beside the step          "decoupled"
        g <- g + lambda * point                                   "coupled"

    Args:
        rule: takes the step.
        strength: lambda, finite and >= 0; 0.01 unless given.
        kind: "decoupled" unless given.

    Source: Loshchilov and Hutter, ICLR (2019).

    Example:
        >>> rule, theta = Decayed("gradient_descent", strength=0.5, learning_rate=1.0), torch.ones(1)
        >>> rule.step(theta, torch.zeros(1), rule.start(theta))
        >>> theta
        tensor([0.5000])
    """

    name = "decayed"
    strength = number(0.01, "[0, inf)")
    kind = choice("decoupled", "coupled")

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:
        """A step, with the pull beside it or in its gradient."""
        lam = self.strength
        if self.kind == "coupled":
            self.inner_step(theta, gradient + lam * self.rule.at(theta, inner), inner)
            return
        rate, t = self.rule.learning_rate, state.t + 1
        rate = scheduled(rate(t), t, theta, type(self).__name__) if callable(rate) else rate
        shrunk = rate * lam
        gradient = gradient.clone()
        theta.sub_((shrunk.to(theta) if isinstance(shrunk, Tensor) else shrunk) * theta)
        self.inner_step(theta, gradient, inner)
