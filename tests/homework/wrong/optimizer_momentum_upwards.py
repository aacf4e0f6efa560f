"""Three optimizers with one base class, as in torch.optim but written by hand."""
import torch


class Optimizer:
    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def zero_grad(self):
        for p in self.params:
            p.grad = torch.zeros_like(p.data)

    def step(self):
        for number, p in enumerate(self.params):
            p.data = p.data - self.change(number, p.grad)

    def change(self, number, g):
        raise NotImplementedError


class Momentum(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.9):
        super().__init__(params, lr)
        self.momentum = momentum
        self.v = {}

    def change(self, number, g):
        self.v[number] = self.momentum * self.v.get(number, 0.0) - self.lr * g
        return self.v[number]


class RMSprop(Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-8):
        super().__init__(params, lr)
        self.alpha = alpha
        self.eps = eps
        self.s = {}

    def change(self, number, g):
        self.s[number] = self.alpha * self.s.get(number, 0.0) + (1 - self.alpha) * g ** 2
        return -self.lr * g / (self.s[number] + self.eps) ** 0.5
