"""AMSGrad: Adam whose denominators never shrink."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.adam import Adam, plus
from soloneuron.optimizers.settings import choice
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class AMSGrad(Adam):
    """Adam with the largest v so far, which mends Reddi's counterexample.

    Formula, with m, v, m^ and v^ of ``Adam``::

        u <- max(u, v);   theta <- theta - rate * m^ / (sqrt(u / (1 - beta2^t)) + epsilon)     "torch"
        u <- max(u, v^);  theta <- theta - rate * m^ / (sqrt(u) + epsilon)                     "optax"

    Args:
        beta1, beta2, epsilon: as in ``Adam``.
        variant: whether the maximum is taken before the correction (torch) or after it (optax).

    Source: Reddi, Kale and Kumar, ICLR (2018), who correct nothing. Equals torch.optim.Adam(amsgrad=True).
    """

    name = "amsgrad"
    slots = ("m", "v", "u")
    variant = choice("torch", "optax")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        if self.variant == "torch":
            largest, size = ("u = max(u, v)", "u_hat = u / (1 - beta2 ** t)"), "u_hat"
        else:
            largest, size = ("v_hat = v / (1 - beta2 ** t)", "u = max(u, v_hat)"), "u"
        return (
            "m = beta1 * m + (1 - beta1) * g",
            "v = beta2 * v + (1 - beta2) * g ** 2",
            "m_hat = m / (1 - beta1 ** t)",
            *largest,
            f"step = rate * m_hat / (sqrt({size}) + epsilon)",
            "theta = theta - step",
        )

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """m over the root of the largest v so far."""
        (m, v, u, root), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta1])
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        if self.variant == "torch":
            torch.sqrt(torch.maximum(u, v, out=u), out=root)
            return m, plus(root, context.extra**0.5, c[self.epsilon], out=root)
        torch.maximum(u, torch.div(v, context.extra, out=root), out=u)
        return m, torch.sqrt(u, out=root).add_(c[self.epsilon])
