"""Programs that students write with scalar autograd, each as a loss and its leaves."""

import itertools
import math
import random
from functools import reduce

from soloneuron.element import Element, cross_entropy, dot, logsumexp, maximum, softmax


def leaves(dice, n, scale=1.0):
    return [Element(dice.uniform(-scale, scale)) for _ in range(n)]


def rows(xs, width):
    return [xs[i : i + width] for i in range(0, len(xs), width)]


def polynomial(dice):
    """A cubic fitted to twenty points."""
    w = leaves(dice, 4)
    points = [(0.1 * i - 1, math.sin(0.3 * i)) for i in range(20)]
    losses = [(w[0] + w[1] * x + w[2] * x**2 + w[3] * x**3 - y) ** 2 for x, y in points]
    return sum(losses) / len(losses), w


def moons(dice):
    """The demonstration of micrograd with twenty samples."""
    layers = [(leaves(dice, i * o), leaves(dice, o)) for i, o in itertools.pairwise((2, 8, 8, 1))]
    losses = []
    for k in range(20):
        x = [math.cos(0.3 * k), math.sin(0.2 * k)]
        for depth, (w, b) in enumerate(layers):
            z = [
                sum((a * c for a, c in zip(row, x, strict=True)), d)
                for row, d in zip(rows(w, len(x)), b, strict=True)
            ]
            x = [t.relu() for t in z] if depth < 2 else z
        losses.append((1 + -(2 * (k % 2) - 1) * x[0]).relu())
    own = [p for w, b in layers for p in w + b]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in own), own


def gpt(dice):
    """A step of a scalar GPT: two positions, one head of four, a softmax over six letters."""
    d, letters = 4, 6
    table, places = rows(leaves(dice, letters * d), d), rows(leaves(dice, 2 * d), d)
    Q, K, V, out = (rows(leaves(dice, n * d), d) for n in (d, d, d, letters))
    sequence, losses, keys, values = (1, 4, 2), [], [], []
    for t in range(2):
        x = [a + b for a, b in zip(table[sequence[t]], places[t], strict=True)]
        scale = (sum(a * a for a in x) / d + 1e-5) ** -0.5
        x = [a * scale for a in x]
        q, k, v = ([dot(row, x) for row in W] for W in (Q, K, V))
        keys.append(k)
        values.append(v)
        p = softmax([dot(q, key) / d**0.5 for key in keys])
        h = [sum(w * value[j] for w, value in zip(p, values, strict=True)) + x[j] for j in range(d)]
        losses.append(cross_entropy([dot(row, h) for row in out], sequence[t + 1]))
    own = [p for W in (table, places, Q, K, V, out) for row in W for p in row]
    return sum(losses) / 2, own


def functions(dice):
    """The functions that minitorch asks for, all of them once."""
    a, b, c = leaves(dice, 3)
    parts = [a.sigmoid(), b.relu(), (a * a + 1).log(), c.exp(), 1 / (b * b + 1), abs(a) * b, (a - b).tanh()]
    return sum(parts) * maximum(a, b) + (a + b) ** 2, [a, b, c]


def rnn(steps, width=4, inputs=2):
    def program(dice):
        W, U, b = leaves(dice, width * width, 0.5), leaves(dice, width * inputs, 0.5), leaves(dice, width)
        h = [0.0] * width
        for t in range(steps):
            x = [math.sin(0.3 * t + j) for j in range(inputs)]
            h = [
                sum(
                    (w * a for w, a in zip(row, h, strict=True)),
                    c + sum(u * a for u, a in zip(read, x, strict=True)),
                ).tanh()
                for row, read, c in zip(rows(W, width), rows(U, inputs), b, strict=True)
            ]
        return sum(a * a for a in h), [*W, *U, *b]

    program.__name__ = f"rnn_{steps}"
    return program


def lstm(dice, steps=10, width=3):
    """A long short-term memory of three cells."""
    gates = {g: (leaves(dice, width * (width + 1), 0.5), leaves(dice, width)) for g in "ifog"}
    h, c = [0.0] * width, [0.0] * width
    for t in range(steps):
        x = [*h, math.cos(0.4 * t)]
        z = {
            g: [
                sum((w * a for w, a in zip(row, x, strict=True)), d)
                for row, d in zip(rows(W, width + 1), b, strict=True)
            ]
            for g, (W, b) in gates.items()
        }
        i, f, o = ([t.sigmoid() for t in z[g]] for g in "ifo")
        c = [a * m + e * n.tanh() for a, m, e, n in zip(f, c, i, z["g"], strict=True)]
        h = [a * m.tanh() for a, m in zip(o, c, strict=True)]
    return sum(a * a for a in h), [p for W, b in gates.values() for p in W + b]


def kalman(dice, steps=100):
    """The log-likelihood of a random walk that is measured with noise."""
    q, r, start = Element(0.1, "q"), Element(0.5, "r"), Element(0.0, "start")
    mean, spread, loss = start, Element(1.0), 0.0
    for _ in range(steps):
        spread = spread + q * q
        seen = dice.uniform(-1, 1)
        error, whole = seen - mean, spread + r * r
        gain = spread / whole
        loss = loss + 0.5 * (whole.log() + error * error / whole)
        mean, spread = mean + gain * error, (1 - gain) * spread
    return loss, [q, r, start]


def pendulum(_dice, steps=1000):
    """Semi-implicit Euler steps."""
    angle, speed, length = Element(1.0, "angle"), Element(0.0, "speed"), Element(2.0, "length")
    a, b = angle, speed
    for _ in range(steps):
        b = b - 0.01 * 9.81 / length * a.sin()
        a = a + 0.01 * b
    return a * a, [angle, speed, length]


def batch_norm(dice):
    """Eight samples of three features, normalized and scaled."""
    w, gain, shift = leaves(dice, 9), leaves(dice, 3), leaves(dice, 3)
    X = [[dice.uniform(-1, 1) for _ in range(3)] for _ in range(8)]
    z = [[dot(row, x) for row in rows(w, 3)] for x in X]
    loss = 0.0
    for j in range(3):
        column = [row[j] for row in z]
        mean = sum(column) / 8
        spread = sum((t - mean) ** 2 for t in column) / 8
        loss = loss + sum(
            ((t - mean) / (spread + 1e-5) ** 0.5 * gain[j] + shift[j]).relu() * (i + 1)
            for i, t in enumerate(column)
        )
    return loss, [*w, *gain, *shift]


def convolution(dice):
    """Two 3 x 3 filters over an 8 x 8 image, pooled by maxima of 2 x 2."""
    image = [[dice.uniform(-1, 1) for _ in range(8)] for _ in range(8)]
    filters, weights = [leaves(dice, 9) for _ in range(2)], leaves(dice, 18)
    pooled = []
    for w in filters:
        z = [
            [
                sum(w[3 * a + b] * image[i + a][j + b] for a in range(3) for b in range(3)).relu()
                for j in range(6)
            ]
            for i in range(6)
        ]
        pooled += [
            reduce(maximum, [z[i][j], z[i][j + 1], z[i + 1][j], z[i + 1][j + 1]])
            for i in (0, 2, 4)
            for j in (0, 2, 4)
        ]
    score = sum(a * b for a, b in zip(weights, pooled, strict=True))
    return score.softplus(), [*filters[0], *filters[1], *weights]


def log_determinant(dice, n=6):
    """By elimination without pivots."""
    own = leaves(dice, n * n)
    A = [[own[i * n + j] + 4.0 * (i == j) for j in range(n)] for i in range(n)]
    loss = 0.0
    for k in range(n):
        loss = loss + A[k][k].log()
        for i in range(k + 1, n):
            factor = A[i][k] / A[k][k]
            for j in range(k + 1, n):
                A[i][j] = A[i][j] - factor * A[k][j]
    return loss, own


def log_sum_exp(dice):
    own = leaves(dice, 60, 3.0)
    return logsumexp(own), own


def divisions(dice, n=300):
    w = [Element(1 + 0.5 * dice.random()) for _ in range(10)]
    y = Element(2.0)
    for i in range(n):
        y = w[i % 10] / (y + 0.5)
    return y, w


def product(dice, n=1000):
    own = [Element(1 + 0.01 * dice.uniform(-1, 1)) for _ in range(n)]
    return reduce(lambda a, b: a * b, own), own


PROGRAMS = {
    program.__name__: program
    for program in (
        *(polynomial, moons, gpt, functions, rnn(20), rnn(200), lstm, kalman, pendulum, batch_norm),
        *(convolution, log_determinant, log_sum_exp, divisions, product),
    )
}


def made(name):
    """The loss and the leaves of a program."""
    return PROGRAMS[name](random.Random(7))
