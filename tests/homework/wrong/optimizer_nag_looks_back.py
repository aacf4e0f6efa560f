import torch


class NAG:
    """x = optimizer.step(gradient, x): the gradient is taken at the look-ahead point."""

    def __init__(self, lr=0.01, gamma=0.9):
        self.lr = lr
        self.gamma = gamma
        self.v = None

    def step(self, grad_fn, x):
        if self.v is None:
            self.v = torch.zeros_like(x)
        self.v = self.gamma * self.v + self.lr * grad_fn(x + self.gamma * self.v)
        return x - self.v
