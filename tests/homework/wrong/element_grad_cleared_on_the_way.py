class Element:
    """Only what the task asks for: addition, multiplication, ReLU."""

    counter = 0

    def __init__(self, data, _children=(), _op=''):
        self.data = data
        self.grad = 0
        self._prev = tuple(_children)
        self._op = _op
        Element.counter += 1
        self._number = Element.counter
        self._backward = lambda: None

    def __repr__(self):
        return f" Element(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        out = Element(self.data + other.data, (self, other), '+')

        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Element(self.data * other.data, (self, other), '*')

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def relu(self):
        out = Element(max(0, self.data), (self,), 'relu')

        def _backward():
            self.grad += out.grad if self.data >= 0 else 0
        out._backward = _backward
        return out

    def backward(self):
        # A node is always younger than what it was made of.
        nodes, todo = {self}, [self]
        while todo:
            for child in todo.pop()._prev:
                if child not in nodes:
                    nodes.add(child)
                    todo.append(child)
        self.grad = 1
        for node in sorted(nodes, key=lambda one: -one._number):
            for child in node._prev:
                child.grad = 0
            node._backward()
