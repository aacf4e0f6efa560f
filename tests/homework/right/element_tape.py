"""A tape: every operation is written down, backward reads it from its end."""

TAPE = []


class Var:
    def __init__(self, value):
        self.value = value
        self.grad = 0.0

    def __add__(self, other):
        out = Var(self.value + other.value)
        TAPE.append((out, [(self, 1.0), (other, 1.0)]))
        return out

    def __mul__(self, other):
        out = Var(self.value * other.value)
        TAPE.append((out, [(self, other.value), (other, self.value)]))
        return out

    def relu(self):
        out = Var(self.value if self.value > 0 else 0.0)
        TAPE.append((out, [(self, 1.0 if self.value > 0 else 0.0)]))
        return out

    def backward(self):
        passing = {id(self): 1.0}
        self.grad += 1.0
        for out, inputs in reversed(TAPE):
            if id(out) not in passing:
                continue
            upstream = passing.pop(id(out))
            for node, slope in inputs:
                passing[id(node)] = passing.get(id(node), 0.0) + slope * upstream
                node.grad += slope * upstream
