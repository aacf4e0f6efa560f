"""Every node keeps its inputs together with the derivative by each of them."""


class Scalar:
    def __init__(self, data, inputs=()):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = list(inputs)

    def __eq__(self, other):
        return isinstance(other, Scalar) and self.data == other.data

    def __hash__(self):
        return hash(self.data)

    def __add__(self, other):
        if not isinstance(other, Scalar):
            other = Scalar(other)
        return Scalar(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        if not isinstance(other, Scalar):
            other = Scalar(other)
        return Scalar(self.data * other.data, [(self, other.data), (other, self.data)])

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        slope = 1.0 if self.data > 0 else 0.0
        return Scalar(self.data * slope, [(self, slope)])

    def backward(self):
        order, visited = [], set()

        def visit(node):
            if node in visited:
                return
            visited.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in node.inputs:
                source.grad += slope * node.grad

    def __repr__(self):
        return f"Scalar({self.data}, grad={self.grad})"
