import numpy as np


class Adagrad:
    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params = params
        self.lr = lr
        self.eps = eps
        self.cache = [np.zeros(1) for p in params]

    def step(self, grads):
        for p, g, c in zip(self.params, grads, self.cache):
            c += np.sum(g ** 2)
            p -= self.lr * g / (np.sqrt(c) + self.eps)
