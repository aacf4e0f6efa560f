import numpy as np


class RMSProp:
    """Divides by the root of a running mean of squares; changes the parameters in place."""

    def __init__(self, lr=0.01, decay_rate=0.9, epsilon=1e-8):
        self.lr = lr
        self.decay_rate = decay_rate
        self.epsilon = epsilon
        self.squares = None

    def step(self, params, grads):
        if self.squares is None:
            self.squares = [np.zeros_like(p) for p in params]
        for i in range(len(params)):
            self.squares[i] = self.decay_rate * self.squares[i] + (1 - self.decay_rate) * grads[i] ** 2
            params[i] -= self.lr * grads[i] / (np.sqrt(self.squares[i]) + self.epsilon)
