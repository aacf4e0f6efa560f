"""A neuron in the manner of scikit-learn: it begins at 0 and takes no initial weights."""

import numpy as np


class LogisticNeuron:
    def __init__(self, learning_rate=0.1, n_epochs=100):
        self.learning_rate = learning_rate
        self.n_epochs = n_epochs

    def fit(self, X, y):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        self.weights_ = np.zeros(X.shape[1])
        self.bias_ = 0.0
        self.losses_ = []
        for _ in range(self.n_epochs):
            score = X @ self.weights_ + self.bias_
            self.losses_.append(np.mean(np.logaddexp(0, score) - y * score))
            error = 0.5 * (1 + np.tanh(score / 2)) - y
            self.weights_ = self.weights_ - self.learning_rate * X.T @ error / len(y)
            self.bias_ = self.bias_ - self.learning_rate * error.mean()
        return self
