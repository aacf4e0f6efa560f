"""Nadam without a schedule of its momentum."""


class Nadam:
    def __init__(self, lr=0.002, betas=(0.9, 0.999), eps=1e-8):
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.state = {}
        self.t = 0

    def step(self, pairs):
        """pairs: a list of (parameter, gradient), NumPy arrays; changed in place."""
        self.t += 1
        b1, b2 = self.betas
        for number, (p, g) in enumerate(pairs):
            m, v = self.state.get(number, (0.0, 0.0))
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g * g
            self.state[number] = (m, v)
            m_hat = b1 * m / (1 - b1 ** (self.t + 1)) + (1 - b1) * g / (1 - b1 ** self.t)
            v_hat = v / (1 - b2 ** self.t)
            p -= self.lr * m_hat / (v_hat ** 0.5 + self.eps)
