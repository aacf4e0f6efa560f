"""Hessian-vector products: the gradient is recorded, and a graph of it is compiled as any other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from soloneuron.compiler.compiled import Compiled, numeric_tensor
from soloneuron.compiler.interface import check_leaves, compile_graph
from soloneuron.element.element import Element
from soloneuron.element.functions import dot, total
from soloneuron.element.recomputing import recomputed
from soloneuron.errors import ShapeError
from soloneuron.shapes import Gradient, Theta


class HessianProduct:
    """The product of the Hessian of a loss with a vector, at ``theta``.

    Attributes:
        compiled: the compiled derivative along the vector; its parameters are theta, then the vector.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._k = len(compiled.theta) // 2

    @property
    def theta(self) -> Theta:
        """Where the Hessian is taken, (k,); another vector in its place is copied in."""
        return self.compiled.theta[: self._k]

    @theta.setter
    def theta(self, theta: Any) -> None:
        self.theta.copy_(self._checked(theta, "theta"))

    @property
    def gradient(self) -> Gradient:
        """The gradient of the loss itself at theta, which the last call has left, (k,)."""
        return self.compiled.gradient[self._k :]

    def __call__(self, vector: Any, batch: Any = None, weights: Any = None) -> Tensor:
        """The Hessian times a vector, (k,), a new tensor.

        Args:
            vector: (k,) numbers.
            batch: (m, inputs) numbers, one row a sample; nothing for a graph without inputs.
            weights: (m,) how much each sample counts; None counts all alike.

        Raises:
            ShapeError: a vector that is not as long as theta.
        """
        self.compiled.theta[self._k :].copy_(self._checked(vector, "vector"))
        self.compiled(batch, weights)
        return self.compiled.gradient[: self._k].clone()

    def _checked(self, numbers: Any, name: str) -> Tensor:
        tensor = numeric_tensor(numbers, name, self.compiled.dtype)
        if tensor.shape != (self._k,):
            raise ShapeError(
                f"{name} must be ({self._k},), a number a parameter, got {tuple(tensor.shape)}",
                code="compiled.vector",
                wanted=(self._k,),
                got=tuple(tensor.shape),
            )
        return tensor


def compile_hessian_product(
    loss: Element,
    parameters: Iterable[Element],
    inputs: Iterable[Element] | None = None,
    **options: Any,
) -> HessianProduct:
    """Compile the product of a Hessian with a vector, without the Hessian.

    The graph is computed once more with Elements in the place of numbers, so that its gradient is a graph
    too; the gradient of the gradient's product with a vector is the Hessian times that vector.

    Args:
        loss: the result.
        parameters: leaves, in the order that theta will have.
        inputs: leaves that vary by sample, or None.
        options: ``reduction``, ``dtype`` and ``backend`` of ``compile_graph``.

    Returns:
        A function of a vector (and a batch).

    Raises:
        InputError: what ``compile_graph`` refuses.

    Example:
        >>> a, b = Element(2.0), Element(3.0)
        >>> product = compile_hessian_product(a * a * b, [a, b])
        >>> product([1.0, 0.0]).tolist()
        [6.0, 4.0]
    """
    own, varying = check_leaves(loss, parameters, inputs)
    inner = {leaf: Element(leaf.data, leaf.label) for leaf in (*own, *varying)}
    outer = {leaf: Element(number) for leaf, number in inner.items()}
    recomputed(loss, outer).backward()
    vector = [Element(0.0) for _ in own]
    along = dot([outer[leaf].grad for leaf in own], vector)
    # What has gone from the gradient (a label that enters linearly) still has its column in a batch.
    along = along + 0.0 * total(inner[leaf] for leaf in (*own, *varying))
    f = compile_graph(
        along, [*(inner[x] for x in own), *vector], [inner[x] for x in varying] or None, **options
    )
    return HessianProduct(f)
