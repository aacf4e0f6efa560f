import numpy as np


def train_neuron(features, labels, initial_weights, initial_bias, learning_rate, epochs):
    """Mean squared error with its factor 2."""
    X, y = np.array(features, float), np.array(labels, float)
    w, b = np.array(initial_weights, float), float(initial_bias)
    mse_values = []
    for _ in range(epochs):
        p = 1 / (1 + np.exp(-np.clip(X @ w + b, -500, 500)))
        mse_values.append(round(float(np.mean((p - y) ** 2)), 4))
        slope = 2 * (p - y) / len(y)
        w -= learning_rate * (X.T @ slope)
        b -= learning_rate * slope.sum()
    return [round(float(v), 4) for v in w], round(float(b), 4), mse_values
