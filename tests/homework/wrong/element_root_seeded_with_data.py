"""Element over torch tensors (no autograd)."""
import torch


class Element:
    def __init__(self, data, _children=(), _op=""):
        self.data = torch.as_tensor(data, dtype=torch.float32)
        self.grad = torch.zeros_like(self.data)
        self._prev = _children
        self._op = _op
        self._backward = None

    def __add__(self, other):
        other = self._lift(other)
        out = Element(self.data + other.data, (self, other), "+")

        def step():
            self.grad = self.grad + out.grad
            other.grad = other.grad + out.grad

        out._backward = step
        return out

    def __mul__(self, other):
        other = self._lift(other)
        out = Element(self.data * other.data, (self, other), "*")

        def step():
            self.grad = self.grad + other.data * out.grad
            other.grad = other.grad + self.data * out.grad

        out._backward = step
        return out

    def relu(self):
        out = Element(torch.clamp(self.data, min=0.0), (self,), "ReLU")

        def step():
            self.grad = self.grad + (self.data > 0).float() * out.grad

        out._backward = step
        return out

    @staticmethod
    def _lift(value):
        return value if isinstance(value, Element) else Element(value)

    def _sorted(self, seen=None):
        seen = set() if seen is None else seen
        if self in seen:
            return []
        seen.add(self)
        found = []
        for child in self._prev:
            found += child._sorted(seen)
        return found + [self]

    def backward(self):
        self.grad = self.data.clone()
        for node in reversed(self._sorted()):
            if node._backward is not None:
                node._backward()

    def __repr__(self):
        return f"Element(data={self.data.item()}, grad={self.grad.item()})"
