"""What several tests of the optimizers share: hard gradients, and the papers' formulas in plain Python floats.

The formulas are written one coordinate at a time with nothing but ``math``: another hand, another arithmetic.
"""

import math

import torch


def gradients(seed, n=7, steps=400):
    """Random gradients whose scale spans eight decades, with planted zeros."""
    dice = torch.Generator().manual_seed(seed)
    scale = 10 ** (8 * torch.rand(steps, n, generator=dice, dtype=torch.float64) - 4)
    stream = torch.randn(steps, n, generator=dice, dtype=torch.float64) * scale
    stream[torch.rand(steps, n, generator=dice) < 0.1] = 0
    stream[:, -1] = 0
    stream[:3, 0] = 0
    return stream


def nag(theta, stream, rate=0.001, mu=0.9):
    v = 0.0
    for t, g in enumerate(stream, 1):
        v = (mu(t) if callable(mu) else mu) * v - (rate(t) if callable(rate) else rate) * g
        theta += v
    return theta


def adagrad_inside(theta, stream, rate=0.01, initial=0.1, epsilon=1e-7):
    total = initial
    for g in stream:
        total += g * g
        theta -= rate * g / math.sqrt(total + epsilon)
    return theta


def rmsprop_inside(theta, stream, rate=0.01, rho=0.9, epsilon=1e-7, mu=0.0):
    v = buffer = 0.0
    for g in stream:
        v = rho * v + (1 - rho) * g * g
        buffer = mu * buffer + rate * g / math.sqrt(v + epsilon)
        theta -= buffer
    return theta


def adam(theta, stream, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-8, place="after"):
    m = v = 0.0
    for t, g in enumerate(stream, 1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        first, second = m / (1 - b1**t), v / (1 - b2**t)
        if place == "after":
            theta -= rate * first / (math.sqrt(second) + epsilon)
        elif place == "inside":
            theta -= rate * first / math.sqrt(second + epsilon)
        else:
            theta -= rate * math.sqrt(1 - b2**t) / (1 - b1**t) * m / (math.sqrt(v) + epsilon)
    return theta


def amsgrad_after_correction(theta, stream, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-8):
    m = v = most = 0.0
    for t, g in enumerate(stream, 1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        most = max(most, v / (1 - b2**t))
        theta -= rate * m / (1 - b1**t) / (math.sqrt(most) + epsilon)
    return theta


def nadam_without_schedule(theta, stream, rate=0.002, b1=0.9, b2=0.999, epsilon=1e-8):
    m = v = 0.0
    for t, g in enumerate(stream, 1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        ahead = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)
        theta -= rate * ahead / (math.sqrt(v / (1 - b2**t)) + epsilon)
    return theta


def adamax_keras(theta, stream, rate=0.002, b1=0.9, b2=0.999, epsilon=1e-8):
    m = u = 0.0
    for t, g in enumerate(stream, 1):
        m = b1 * m + (1 - b1) * g
        u = max(b2 * u, abs(g))
        theta -= rate / (1 - b1**t) * m / (u + epsilon)
    return theta


def lion(theta, stream, rate=1e-4, b1=0.9, b2=0.99, decay=0.0):
    m = 0.0
    for g in stream:
        vote = b1 * m + (1 - b1) * g
        theta -= rate * ((vote > 0) - (vote < 0) + decay * theta)
        m = b2 * m + (1 - b2) * g
    return theta


def adabelief(theta, stream, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-16):
    m = s = 0.0
    for t, g in enumerate(stream, 1):
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * (g - m) ** 2 + epsilon
        theta -= rate * m / (1 - b1**t) / (math.sqrt(s / (1 - b2**t)) + epsilon)
    return theta


def schedule_free(theta, stream, rate=1.0):
    z, total = theta, 0.0
    for t, g in enumerate(stream, 1):
        step = rate(t) if callable(rate) else rate
        z -= step * g
        total += step**2
        share = step**2 / total
        theta = (1 - share) * theta + share * z
    return theta


def adagrad_norm(theta, stream, rate=1.0, epsilon=0.01, *, inside=True, bias=True):
    """The one formula that looks at several coordinates: theta is a list, stream a list of lists."""
    parts = [range(len(theta) - 1), [len(theta) - 1]] if bias else [range(len(theta))]
    totals = [0.0 for _ in parts]
    for g in stream:
        for k, part in enumerate(parts):
            totals[k] += sum(g[i] ** 2 for i in part)
            root = math.sqrt(totals[k] + epsilon) if inside else math.sqrt(totals[k]) + epsilon
            for i in part:
                theta[i] -= rate * g[i] / root
    return theta
