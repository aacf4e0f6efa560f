import math


def fit(X, y, epochs, lr, init_w, init_b=0.0):
    """The gradients of a batch are added, not averaged."""
    w, b, curve = [float(v) for v in init_w], float(init_b), []
    for _ in range(epochs):
        zs = [b + sum(a * v for a, v in zip(w, row)) for row in X]
        ps = [1 / (1 + math.exp(-z)) if z > -700 else 0.0 for z in zs]
        losses = [math.log1p(math.exp(-abs(z))) + max(z, 0) - t * z for z, t in zip(zs, y)]
        curve.append(round(sum(losses) / len(losses), 4))
        for j in range(len(w)):
            w[j] -= lr * sum((p - t) * row[j] for p, t, row in zip(ps, y, X))
        b -= lr * sum(p - t for p, t in zip(ps, y))
    return [round(v, 4) for v in w], round(b, 4), curve
