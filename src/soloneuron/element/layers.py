"""Neurons, layers and small networks of scalar Elements."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from operator import methodcaller
from typing import Any

from soloneuron.element.element import Element
from soloneuron.element.functions import Vector, dot
from soloneuron.element.scalars import Scalar
from soloneuron.errors import InputError, ShapeError, UnknownNameError

ACTIVATIONS: dict[str, Callable[[Element], Any]] = {
    "linear": lambda z: z,
    **{name: methodcaller(name) for name in ("relu", "leaky_relu", "tanh", "sigmoid", "softplus")},
}


class Module(ABC):
    """Anything with parameters."""

    @abstractmethod
    def parameters(self) -> list[Element]:
        """Every weight and bias, in the order in which they were made."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0


class Unit(Module):
    """One neuron, activation(theta · [x, 1]); theta is the weights, uniform in [-1, 1], then the bias, 0.

    Args:
        inputs: how many numbers it takes, >= 1.
        activation: a name of ``ACTIVATIONS``.
        seed: an int, or a ``random.Random`` to draw from.

    Raises:
        UnknownNameError: no such activation.
        InputError: fewer than one input.

    Example:
        >>> neuron = Unit(2, seed=1)
        >>> len(neuron.parameters())
        3
    """

    def __init__(self, inputs: int, *, activation: str = "relu", seed: int | random.Random = 0) -> None:
        if activation not in ACTIVATIONS:
            raise UnknownNameError("activation", activation, ACTIVATIONS)
        generator = _generator(seed)
        weights = [Element(generator.uniform(-1, 1)) for _ in range(_size("inputs", inputs))]
        self.theta = (*weights, Element(0))
        self.activation = activation

    @property
    def weights(self) -> tuple[Element, ...]:
        """The weights, one for each input."""
        return self.theta[:-1]

    @property
    def bias(self) -> Element:
        """The bias."""
        return self.theta[-1]

    def __call__(self, x: Iterable[Scalar]) -> Element:
        """The answer of the neuron to one sample of numbers or Elements."""
        return self.answer(self.augmented(x))

    def augmented(self, x: Iterable[Scalar]) -> Vector:
        """The vector [x, 1], whose product with theta includes the bias; neurons side by side share it.

        Raises:
            ShapeError: not as many numbers as the neuron has weights.
        """
        sample = Vector.of((*x, 1))
        if len(sample.values) != len(self.theta):
            raise ShapeError(
                f"a sample must have {len(self.theta) - 1} numbers, got {len(sample.values) - 1} (Unit)",
                code="neuron.inputs",
                wanted=len(self.theta) - 1,
                got=len(sample.values) - 1,
            )
        return sample

    def answer(self, sample: Vector) -> Element:
        """The answer of the neuron to an augmented sample."""
        answer: Element = ACTIVATIONS[self.activation](dot(self.theta, sample))
        return answer

    def parameters(self) -> list[Element]:
        """The weights, then the bias."""
        return list(self.theta)


class Layer(Module):
    """Neurons side by side, all with the same inputs.

    Args:
        inputs: how many numbers each neuron takes, >= 1.
        outputs: how many neurons there are, >= 1.
        activation: a name of ``ACTIVATIONS``.
        seed: an int, or a ``random.Random`` to draw from.
    """

    def __init__(
        self, inputs: int, outputs: int, *, activation: str = "relu", seed: int | random.Random = 0
    ) -> None:
        generator = _generator(seed)
        self.neurons = [
            Unit(inputs, activation=activation, seed=generator) for _ in range(_size("outputs", outputs))
        ]

    def __call__(self, x: Iterable[Scalar]) -> list[Element]:
        """The answers of the neurons to one sample."""
        sample = self.neurons[0].augmented(x)
        return [neuron.answer(sample) for neuron in self.neurons]

    def parameters(self) -> list[Element]:
        """The parameters of the neurons, one neuron after the other."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """A network of layers; the last one is linear.

    Args:
        inputs: how many numbers it takes, >= 1.
        sizes: how many neurons each layer has.
        activation: of every layer but the last, a name of ``ACTIVATIONS``.
        seed: an int, or a ``random.Random`` to draw from.

    Raises:
        InputError: no layers.

    Example:
        >>> network = MLP(2, [16, 16, 1])
        >>> len(network.parameters())
        337
    """

    def __init__(
        self, inputs: int, sizes: Sequence[int], *, activation: str = "relu", seed: int | random.Random = 0
    ) -> None:
        if not sizes:
            raise InputError("a network needs at least one layer, got none (MLP)", code="mlp.sizes")
        generator = _generator(seed)
        *hidden, last = zip([inputs, *sizes], sizes, strict=False)
        self.layers = [Layer(*shape, activation=activation, seed=generator) for shape in hidden]
        self.layers.append(Layer(*last, activation="linear", seed=generator))

    def __call__(self, x: Iterable[Scalar]) -> list[Element]:
        """The answers of the last layer to one sample."""
        answers: Iterable[Scalar] = x
        for layer in self.layers:
            answers = layer(answers)
        return list(answers)

    def parameters(self) -> list[Element]:
        """The parameters of the layers, the first layer first."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]


def _generator(seed: int | random.Random) -> random.Random:
    return seed if isinstance(seed, random.Random) else random.Random(seed)


def _size(name: str, size: int) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InputError(f"{name} must be an int >= 1, got {size!r}", code=f"layers.{name}")
    return size
