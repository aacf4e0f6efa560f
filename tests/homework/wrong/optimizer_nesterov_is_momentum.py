import torch


class Nesterov:
    """Nesterov momentum as torch writes it."""

    def __init__(self, params, lr=0.01, mu=0.9):
        self.params = list(params)
        self.lr = lr
        self.mu = mu
        self.buf = {}

    def step(self):
        for k, p in enumerate(self.params):
            g = p.grad
            v = self.buf.get(k, torch.zeros_like(p.data))
            v = self.mu * v + g
            self.buf[k] = v
            p.data = p.data - self.lr * v
