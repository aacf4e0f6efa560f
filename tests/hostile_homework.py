"""Homework that does not want to be checked: each is a right autograd class until it does its harm."""

RIGHT = """
class Element:
    def __init__(self, data, _children=(), _op=""):
        self.data, self.grad, self._prev, self._op = data, 0, _children, _op
        self._backward = lambda: None

    def __add__(self, other):
        out = Element(self.data + other.data, (self, other), "+")

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step
        return out

    def __mul__(self, other):
        {harm}
        out = Element(self.data * other.data, (self, other), "*")

        def step():
            self.grad = out.grad * other.data
            other.grad = out.grad * self.data

        out._backward = step
        return out

    def relu(self):
        out = Element(max(0, self.data), (self,), "relu")

        def step():
            self.grad += out.grad * (self.data > 0)

        out._backward = step
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            node._backward()
"""
"""It overwrites the gradient of a product, so that there is something to find."""

HARMS = {
    "hangs": "while True: pass",
    "hangs_for_good": """
        while True:
            try:
                while True: pass
            except BaseException:
                pass""",
    "exits": "import os; os._exit(0)",
    "exits_politely": "raise SystemExit(0)",
    "interrupts": "raise KeyboardInterrupt",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "prints_a_gigabyte": """
        import sys
        for _ in range(1000): sys.__stdout__.write("x" * 1000000)""",
    "writes_a_gigabyte": """
        with open("large", "wb") as file:
            for _ in range(1000): file.write(bytes(1000000))""",
    "takes_all_memory": "held = [bytearray(1 << 30) for _ in range(64)]",
    "forks": """
        import os
        while True: os.fork()""",
    "kills_everybody": """
        import os, signal
        os.kill(-1, signal.SIGKILL)
        os.kill(os.getppid(), signal.SIGKILL)""",
    "writes_into_the_pipe": """
        import os
        for handle in range(3, 64):
            try: os.write(handle, b"\\\\xff" * 64)
            except OSError: pass""",
    "says_right_into_the_pipe": """
        import os
        words = b'{"token": "", "answer": {"values": {"a.grad": 6}, "fault": null}}'
        for handle in range(3, 64):
            try: os.write(handle, len(words).to_bytes(4, "big") + words)
            except OSError: pass""",
    "closes_the_pipe": """
        import os
        os.closerange(0, 64)""",
    "patches_comparison": """
        import math, builtins, json
        math.isclose = lambda *_, **__: True
        builtins.abs = lambda _: 0
        json.dumps = lambda *_, **__: '{}'""",
    "reads_the_answers": """
        import gc
        for one in gc.get_objects():
            if type(one).__name__ in ("ElementPoint", "PointResult", "Examination"):
                other.data = 0""",
    "leaves_a_child": """
        import os
        if os.fork() == 0:
            os.setsid()
            while True: pass""",
}


def hostile(harm):
    """The source of one of them."""
    return RIGHT.replace("{harm}", HARMS[harm].strip("\n").lstrip())


ALWAYS_EQUAL = (
    RIGHT.replace("{harm}", "pass")
    .replace(
        "        self.data, self.grad, self._prev, self._op = data, 0, _children, _op\n",
        "        self.data, self.grad, self._prev, self._op = data, Equal(), _children, _op\n",
    )
    .replace(
        "class Element",
        '''
class Equal(float):
    """Whatever it is compared with, it is that."""

    def __new__(cls, value=0): return float.__new__(cls, value)
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __add__(self, other): return Equal(float(self) + float(other))
    __radd__ = __add__
    def __mul__(self, other): return Equal(float(self) * float(other))
    __rmul__ = __mul__


class Element''',
        1,
    )
)
