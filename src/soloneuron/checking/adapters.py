"""Adapters: three lines that give an unusual homework a usual shape, ready to fill in."""

from __future__ import annotations

ADAPTERS = {
    "element": "class check_element(MyClass):\n    def backward(self):\n        self.my_backward()",
    "neuron": (
        "def check_neuron(features, labels, weights, bias, learning_rate, epochs):\n"
        "    weights, bias, losses = my_function(features, labels, weights, bias, learning_rate, epochs)\n"
        "    return weights, bias, losses"
    ),
    "optimizer": (
        "class check_optimizer(MyOptimizer):\n"
        "    def step(self, params, grads):\n"
        "        return self.my_step(params, grads)"
    ),
}
"""By task. In a file they are found by their name, in ``check_adapter.py`` beside it too."""


def adapter_text(task: str | None = None) -> str:
    """The adapter of a task, or of all three.

    Example:
        >>> print(adapter_text("element"))
        class check_element(MyClass):
            def backward(self):
                self.my_backward()
    """
    return ADAPTERS[task] if task is not None else "\n\n".join(ADAPTERS.values())
