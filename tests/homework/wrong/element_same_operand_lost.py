"""Every node keeps its inputs together with the derivative by each of them."""


class Scalar:
    def __init__(self, data, inputs=()):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = list({id(one): (one, slope) for one, slope in inputs}.values())

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
        # How many consumers of a node are still to come.
        waiting = {}
        stack, known = [self], {id(self)}
        while stack:
            node = stack.pop()
            for source, _ in node.inputs:
                waiting[id(source)] = waiting.get(id(source), 0) + 1
                if id(source) not in known:
                    known.add(id(source))
                    stack.append(source)
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for source, slope in node.inputs:
                source.grad += slope * node.grad
                waiting[id(source)] -= 1
                if waiting[id(source)] == 0:
                    ready.append(source)

    def __repr__(self):
        return f"Scalar({self.data}, grad={self.grad})"
