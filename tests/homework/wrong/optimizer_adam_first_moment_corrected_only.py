import numpy as np


def adam(f, grad, x0, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8, n_iter=100):
    """Minimizes f from x0; returns the last point and the values on the way."""
    x = np.array(x0, dtype=float)
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    values = []
    for t in range(1, n_iter + 1):
        values.append(float(f(x)))
        g = np.asarray(grad(x))
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g * g
        x = x - lr * (m / (1 - beta_1 ** t)) / (np.sqrt(v) + eps)
    return x, values
