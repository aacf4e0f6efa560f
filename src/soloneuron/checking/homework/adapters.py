"""Three lines that say how a homework is to be called, ready to be filled in."""

from __future__ import annotations

ADAPTERS = {
    "neuron": (
        "def train_neuron(features, labels, initial_weights, initial_bias, learning_rate, epochs):",
        "    found = YOUR_FUNCTION(features, labels, initial_weights, initial_bias, learning_rate, epochs)",
        "    return found  # the weights, the bias, the losses",
    ),
    "element": (
        "class Element(YOUR_CLASS):",
        "    def __init__(self, data): super().__init__(data)",
        "    def backward(self): self.YOUR_METHOD()",
    ),
    "optimizer": (
        "class Adam:",
        "    def __init__(self, params, lr): self.params, self.inner = params, YOUR_CLASS(lr)",
        "    def step(self): self.inner.YOUR_METHOD(self.params, [p.grad for p in self.params])",
    ),
}
"""By task, as they stand in ``check_adapter.py``; behind ``# check:`` they may stand in the homework."""


def adapter_lines(task: str | None) -> str:
    """The lines as a comment of the homework.

    Args:
        task: None takes the trainer of a neuron.

    Example:
        >>> print(adapter_lines("element"))
        # check: class Element(YOUR_CLASS):
        # check:     def __init__(self, data): super().__init__(data)
        # check:     def backward(self): self.YOUR_METHOD()
    """
    return "\n".join(f"# check: {line}" for line in ADAPTERS[task or "neuron"])
