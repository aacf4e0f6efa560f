"""Stochastic descent in the order of the file."""
import numpy as np


def train_neuron(feats, lbls, init_w, init_b, lr, epochs):
    w = np.array(init_w, dtype=np.float64)
    b = np.float64(init_b)
    out = []
    acc = 0.0
    for _ in range(epochs):
        for x, t in zip(np.asarray(feats, dtype=np.float64), lbls):
            z = w @ x + b
            acc += np.logaddexp(0.0, z) - t * z
            delta = 1 / (1 + np.exp(-z)) - t if z > -30 else np.exp(z) - t
            w = w - lr * delta * x
            b = b - lr * delta
        out.append(round(float(acc / len(lbls)), 4))
    return [round(float(v), 4) for v in w], round(float(b), 4), out
