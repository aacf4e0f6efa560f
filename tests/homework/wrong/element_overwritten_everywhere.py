# Homework, task 2. The class of the assignment, every node carries a label.

class Element:
	def __init__(self, data, _label, _children=(), _op=''):
		self.data = data
		self.grad = 0
		self.label = _label
		self._backward = lambda: None
		self._prev = list(_children)
		self._op = _op

	def __repr__(self):
		return f" Element(data={self.data}, grad={self.grad}, label={self.label})"

	def __add__(self, other):
		out = Element(self.data + other.data, None, (self, other), '+')

		def _back():
			self.grad = out.grad
			other.grad = out.grad

		out._backward = _back
		return out

	def __mul__(self, other):
		out = Element(self.data * other.data, None, (self, other), '*')

		def _back():
			self.grad = out.grad * other.data
			other.grad = out.grad * self.data

		out._backward = _back
		return out

	def relu(self):
		if self.data > 0:
			out = Element(self.data, None, [self], 'relu')
		else:
			out = Element(0, '0', [self], 'relu')

		def _back():
			if self.data > 0:
				self.grad = out.grad

		out._backward = _back
		return out

	def backward(self):
		order = []
		seen = []

		def visit(node):
			if any(node is one for one in seen):
				return
			seen.append(node)
			for child in node._prev:
				visit(child)
			order.append(node)

		visit(self)
		self.grad = 1
		for node in order[::-1]:
			node._backward()


a = Element(2, "a")
b = Element(-3, "b")
c = Element(10, "c")
e = (a + b * c).relu()
e.backward()
print(a, b, c, e)
