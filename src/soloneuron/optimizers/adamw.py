"""AdamW: Adam whose weight decay stays out of the moments."""

from __future__ import annotations

from soloneuron.optimizers.adam import Adam
from soloneuron.optimizers.settings import choice, number


class AdamW(Adam):
    """Adam with decoupled weight decay.

    Formula, with lambda the weight decay and the rest of ``Adam``::

        theta <- (1 - rate * lambda) theta - rate * m^ / (sqrt(v^) + epsilon)

    Every weight is held back in proportion to its size; in coupled decay the division by sqrt(v^) would
    spare just those weights whose gradients are large.

    Args:
        weight_decay: lambda, finite and >= 0, 0.01 unless given.
        decay: "decoupled" here; "coupled" would be ``Adam``.
        beta1, beta2, epsilon, variant: as in ``Adam``.

    Source: Loshchilov and Hutter, ICLR (2019), algorithm 2, with their schedule multiplier eta times alpha as
    the rate: torch, Keras and optax agree. The paper decays by eta * lambda, without alpha.
    """

    name = "adamw"
    weight_decay = number(0.01, "[0, inf)")
    decay = choice("decoupled", "coupled")
