"""Scalar autograd: the operators live in a base class."""
from __future__ import annotations


class Operators:
    """What can be written between two nodes."""

    def __add__(self, other):
        return Sum(self, wrap(other))

    def __mul__(self, other):
        return Product(self, wrap(other))

    def __radd__(self, other):
        return wrap(other) + self

    def __rmul__(self, other):
        return wrap(other) * self

    def relu(self):
        return Relu(self)


class Node(Operators):
    def __init__(self, data, *parents):
        self.data = data
        self.grad = 0.0
        self.parents = parents

    def pull(self):
        """Give the gradient to the parents."""

    def backward(self):
        order = []
        done = set()
        stack = [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            if id(node) in done:
                continue
            done.add(id(node))
            stack.append((node, True))
            for parent in node.parents:
                stack.append((parent, False))
        for node in reversed(order):
            node.pull()


class Sum(Node):
    def __init__(self, left, right):
        super().__init__(left.data + right.data, left, right)

    def pull(self):
        for parent in self.parents:
            parent.grad += self.grad


class Product(Node):
    def __init__(self, left, right):
        super().__init__(left.data * right.data, left, right)

    def pull(self):
        left, right = self.parents
        left.grad += self.grad * right.data
        right.grad += self.grad * left.data


class Relu(Node):
    def __init__(self, inner):
        super().__init__(max(0.0, inner.data), inner)

    def pull(self):
        (inner,) = self.parents
        if inner.data > 0:
            inner.grad += self.grad


def wrap(value):
    return value if isinstance(value, Operators) else Node(value)
