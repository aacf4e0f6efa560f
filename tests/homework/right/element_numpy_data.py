import numpy as np


class Tensor:
    """A number in a NumPy array of no dimension."""

    def __init__(self, data, children=(), op=None):
        self.data = np.asarray(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.children = children
        self.op = op
        self.push = lambda upstream: None

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data + other.data, (self, other), "+")

        def push(upstream):
            self.grad = self.grad + upstream
            other.grad = other.grad + upstream

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data * other.data, (self, other), "*")

        def push(upstream):
            self.grad = self.grad + upstream * other.data
            other.grad = other.grad + upstream * self.data

        out.push = push
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        out = Tensor(np.maximum(self.data, 0), (self,), "relu")

        def push(upstream):
            self.grad = self.grad + upstream * np.where(self.data > 0, 1.0, 0.0)

        out.push = push
        return out

    def topo(self, found, seen):
        if id(self) not in seen:
            seen.add(id(self))
            for child in self.children:
                child.topo(found, seen)
            found.append(self)
        return found

    def backward(self):
        self.grad = np.ones_like(self.data)
        for node in reversed(self.topo([], set())):
            node.push(node.grad)
