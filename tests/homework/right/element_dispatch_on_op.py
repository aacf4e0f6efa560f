from dataclasses import dataclass, field


@dataclass(eq=False)
class Element:
    data: float
    _children: tuple = ()
    _op: str = ""
    grad: float = field(default=0.0, init=False)

    def __add__(self, other):
        return Element(self.data + other.data, (self, other), "add")

    def __mul__(self, other):
        return Element(self.data * other.data, (self, other), "mul")

    def relu(self):
        return Element(max(self.data, 0.0), (self,), "relu")

    def _propagate(self):
        if self._op == "add":
            left, right = self._children
            left.grad += self.grad
            right.grad += self.grad
        elif self._op == "mul":
            left, right = self._children
            left.grad += self.grad * right.data
            right.grad += self.grad * left.data
        elif self._op == "relu":
            (inner,) = self._children
            inner.grad += self.grad * (1.0 if inner.data > 0 else 0.0)

    def backward(self):
        ordered = []
        marked = set()

        def walk(node):
            if node in marked:
                return
            marked.add(node)
            for child in node._children:
                walk(child)
            ordered.append(node)

        walk(self)
        self.grad = 1.0
        while ordered:
            ordered.pop()._propagate()
