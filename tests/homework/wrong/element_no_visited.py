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
        self.grad = 1
        self._descend()

    def _descend(self):
        self._backward()
        for child in self._prev:
            child._descend()
