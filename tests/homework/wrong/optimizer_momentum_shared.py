import torch


class SGDMomentum:
    """v = mu v + g, theta = theta - lr v."""

    def __init__(self, params, lr=0.01, momentum=0.9):
        self.params = list(params)
        self.lr = lr
        self.momentum = momentum
        self.velocity = 0.0

    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.velocity = self.momentum * self.velocity + p.grad
            p.data -= self.lr * self.velocity

    def zero_grad(self):
        for p in self.params:
            p.grad = None
