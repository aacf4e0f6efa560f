"""Task 1 in plain Python: batch gradient descent, mean NLL."""
import math


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def nll(z, y):
    """log(1 + exp(z)) - y z, without overflow."""
    return max(z, 0) - y * z + math.log1p(math.exp(-abs(z)))


def train_neuron(features, labels, initial_weights, initial_bias, learning_rate, epochs):
    weights = [float(w) for w in initial_weights]
    bias = float(initial_bias)
    n = len(features)
    nll_values = []
    for _ in range(epochs):
        grad_w = [0.0] * len(weights)
        grad_b = 0.0
        total = 0.0
        for x, y in zip(features, labels):
            z = sum(w * v for w, v in zip(weights, x)) + bias
            p = 1 / (1 + math.exp(-z))
            total -= y * math.log(p) + (1 - y) * math.log(1 - p)
            error = p - y
            for j, v in enumerate(x):
                grad_w[j] += error * v
            grad_b += error
        weights = [w - learning_rate * g / n for w, g in zip(weights, grad_w)]
        bias = bias - learning_rate * grad_b / n
        nll_values.append(round(total / n, 4))
    return [round(w, 4) for w in weights], round(bias, 4), nll_values


if __name__ == "__main__":
    print(train_neuron([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], [1, 0, 0], [0.1, -0.2], 0.0, 0.1, 2))
