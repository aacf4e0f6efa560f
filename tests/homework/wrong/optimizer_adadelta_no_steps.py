import torch


class Adadelta:
    def __init__(self, rho=0.9, eps=1e-6):
        self.rho = rho
        self.eps = eps
        self.eg = 0.0
        self.ex = 0.0

    def update(self, params, grads):
        """The new parameters; the given ones stay as they are."""
        self.eg = self.rho * self.eg + (1 - self.rho) * grads ** 2
        delta = 0.01 / torch.sqrt(self.eg + self.eps) * grads
        self.ex = self.rho * self.ex + (1 - self.rho) * delta ** 2
        return params - delta
