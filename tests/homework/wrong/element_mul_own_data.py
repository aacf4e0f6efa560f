"""The constructor asks for everything; the gradient is None until somebody touches it."""


class Element:
    def __init__(self, data, _children, _op, _label):
        self.data = data
        self.grad = None
        self._children = _children
        self._op = _op
        self._label = _label

    def _take(self, amount):
        self.grad = amount if self.grad is None else self.grad + amount

    def __add__(self, other):
        return Element(self.data + other.data, (self, other), "+", "")

    def __mul__(self, other):
        return Element(self.data * other.data, (self, other), "*", "")

    def relu(self):
        return Element(self.data if self.data > 0 else 0, (self,), "relu", "")

    def _order(self, visited):
        if self in visited:
            return []
        visited.add(self)
        found = []
        for child in self._children:
            found.extend(child._order(visited))
        found.append(self)
        return found

    def backward(self):
        self.grad = 1
        for node in reversed(self._order(set())):
            if node._op == "+":
                node._children[0]._take(node.grad)
                node._children[1]._take(node.grad)
            elif node._op == "*":
                first, second = node._children
                first._take(node.grad * first.data)
                second._take(node.grad * second.data)
            elif node._op == "relu":
                node._children[0]._take(node.grad if node.data > 0 else 0)
