"""The papers' formulas in plain Python floats, one coordinate at a time: another hand, another arithmetic.

Every function walks ``steps`` steps from theta and asks ``grad(point, t)`` for gradients, t = 1, 2, ...
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


def at(value, t):
    return value(t) if callable(value) else value


def gradient_descent(x, grad, steps, *, rate=0.1):
    for t in range(1, steps + 1):
        x -= at(rate, t) * grad(x, t)
    return x


def momentum(x, grad, steps, *, rate=0.001, mu=0.9, dampening=0.0):
    v = 0.0
    for t in range(1, steps + 1):
        v = grad(x, t) if t == 1 else mu * v + (1 - dampening) * grad(x, t)
        x -= at(rate, t) * v
    return x


def nesterov(x, grad, steps, *, rate=0.001, mu=0.9):
    v = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        v = mu * v + g
        x -= at(rate, t) * (g + mu * v)
    return x


def nag(x, grad, steps, *, rate=0.001, mu=0.9):
    v = 0.0
    for t in range(1, steps + 1):
        v = at(mu, t) * v - at(rate, t) * grad(x + at(mu, t) * v, t)
        x += v
    return x


def adagrad(x, grad, steps, *, rate=0.01, initial=0.0, epsilon=1e-10, fall=0.0, inside=False):
    total = initial
    for t in range(1, steps + 1):
        g = grad(x, t)
        total += g * g
        root = math.sqrt(total + epsilon) if inside else math.sqrt(total) + epsilon
        x -= rate / (1 + (t - 1) * fall) * g / root
    return x


def adadelta(x, grad, steps, *, rate=1.0, rho=0.9, epsilon=1e-6):
    E = D = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        E = rho * E + (1 - rho) * g * g
        d = math.sqrt(D + epsilon) / math.sqrt(E + epsilon) * g
        D = rho * D + (1 - rho) * d * d
        x -= rate * d
    return x


def rmsprop(x, grad, steps, *, rate=0.01, rho=0.99, epsilon=1e-8, mu=0.0, centered=False, inside=False):
    v = mean = buffer = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        v = rho * v + (1 - rho) * g * g
        mean = rho * mean + (1 - rho) * g
        size = max(v - mean * mean, 0) if centered else v
        root = math.sqrt(size + epsilon) if inside else math.sqrt(size) + epsilon
        buffer = mu * buffer + (at(rate, t) if inside else 1) * g / root
        x -= buffer if inside else at(rate, t) * buffer
    return x


def adam(x, grad, steps, *, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-8, place="after", decay=0.0):
    m = v = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        x -= rate * decay * x
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        first, second = m / (1 - b1**t), v / (1 - b2**t)
        if place == "after":
            x -= rate * first / (math.sqrt(second) + epsilon)
        elif place == "inside":
            x -= rate * first / math.sqrt(second + epsilon)
        else:
            x -= rate * math.sqrt(1 - b2**t) / (1 - b1**t) * m / (math.sqrt(v) + epsilon)
    return x


def amsgrad(x, grad, steps, *, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-8, corrected_first=False):
    m = v = most = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        most = max(most, v / (1 - b2**t) if corrected_first else v)
        size = most if corrected_first else most / (1 - b2**t)
        x -= rate * m / (1 - b1**t) / (math.sqrt(size) + epsilon)
    return x


def nadam(x, grad, steps, *, rate=0.002, b1=0.9, b2=0.999, psi=0.004, epsilon=1e-8, scheduled=True):
    m = v = 0.0
    product = 1.0

    def mu(t):
        return b1 * (1 - 0.5 * 0.96 ** (t * psi)) if scheduled else b1

    for t in range(1, steps + 1):
        g = grad(x, t)
        product *= mu(t)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        ahead = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        x -= rate * ahead / (math.sqrt(v / (1 - b2**t)) + epsilon)
    return x


def adamax(x, grad, steps, *, rate=0.002, b1=0.9, b2=0.999, epsilon=1e-8, keras=False):
    m = u = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        m = b1 * m + (1 - b1) * g
        u = max(b2 * u, abs(g) if keras else abs(g) + epsilon)
        x -= rate / (1 - b1**t) * m / (u + epsilon if keras else u)
    return x


def radam(x, grad, steps, *, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-8, threshold=5.0):
    m = v = 0.0
    limit = 2 / (1 - b2) - 1
    for t in range(1, steps + 1):
        g = grad(x, t)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        rho = limit - 2 * t * b2**t / (1 - b2**t)
        step = m / (1 - b1**t)
        if rho > threshold:
            r = math.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))
            step *= r * math.sqrt(1 - b2**t) / (math.sqrt(v) + epsilon)
        x -= rate * step
    return x


def rprop(x, grad, steps, *, rate=0.01, shrink=0.5, grow=1.2, smallest=1e-6, largest=50.0):
    size, last = rate, 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        if g * last > 0:
            size = min(size * grow, largest)
        elif g * last < 0:
            size, g = max(size * shrink, smallest), 0.0
        x -= size * ((g > 0) - (g < 0))
        last = g
    return x


def asgd(x, grad, steps, *, rate=0.01, lambd=1e-4, alpha=0.75, t0=1e6):
    z, eta, share = x, rate, 1.0
    for t in range(1, steps + 1):
        z = z * (1 - lambd * eta) - eta * grad(z, t)
        x += share * (z - x)
        eta = rate / (1 + lambd * rate * t) ** alpha
        share = 1 / max(1, t - t0)
    return x


def lion(x, grad, steps, *, rate=1e-4, b1=0.9, b2=0.99, decay=0.0):
    m = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        vote = b1 * m + (1 - b1) * g
        x -= rate * ((vote > 0) - (vote < 0) + decay * x)
        m = b2 * m + (1 - b2) * g
    return x


def adabelief(x, grad, steps, *, rate=0.001, b1=0.9, b2=0.999, epsilon=1e-16, old=False):
    m = s = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        expected, m = m, b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * (g - (expected if old else m)) ** 2 + epsilon
        x -= rate * m / (1 - b1**t) / (math.sqrt(s / (1 - b2**t)) + epsilon)
    return x


def schedule_free(x, grad, steps, *, rate=1.0, beta=0.9):
    z, total = x, 0.0
    for t in range(1, steps + 1):
        step = at(rate, t)
        z -= step * grad((1 - beta) * z + beta * x, t)
        total += step**2
        x = (1 - step**2 / total) * x + step**2 / total * z
    return x


def adagrad_norm(x, grad, steps, *, rate=1.0, epsilon=0.01, inside=True, bias=True):
    """The one formula that looks at several coordinates: x and the gradients are lists."""
    x = list(x)
    parts = [range(len(x) - 1), [len(x) - 1]] if bias else [range(len(x))]
    totals = [0.0 for _ in parts]
    for t in range(1, steps + 1):
        g = grad(x, t)
        for k, part in enumerate(parts):
            totals[k] += sum(g[i] ** 2 for i in part)
            root = math.sqrt(totals[k] + epsilon) if inside else math.sqrt(totals[k]) + epsilon
            for i in part:
                x[i] -= rate * g[i] / root
    return x


def schedule_free_adamw(
    x, grad, steps, *, rate=0.0025, beta=0.9, b2=0.999, epsilon=1e-8, decay=0.0, paper=False
):
    z, v, total = x, 0.0, 0.0
    for t in range(1, steps + 1):
        y = (1 - beta) * z + beta * x
        g = grad(y, t)
        v = b2 * v + (1 - b2) * g * g
        begun = math.sqrt(1 - b2**t)
        step = at(rate, t) * (begun if paper else 1)
        root = math.sqrt(v) if paper else math.sqrt(v) / begun
        z -= step * g / (root + epsilon) + step * decay * y
        total += step**2
        x += step**2 / total * (z - x)
    return x


def signum(x, grad, steps, *, rate=0.001, beta=0.9):
    m = 0.0
    for t in range(1, steps + 1):
        m = beta * m + (1 - beta) * grad(x, t)
        x -= at(rate, t) * ((m > 0) - (m < 0))
    return x


def qhm(x, grad, steps, *, rate=1.0, beta=0.999, nu=0.7):
    m = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        m = beta * m + (1 - beta) * g
        x -= at(rate, t) * ((1 - nu) * g + nu * m)
    return x


def yogi(x, grad, steps, *, rate=0.01, b1=0.9, b2=0.999, epsilon=1e-3, initial=1e-6, corrected=False):
    m, v = 0.0, initial
    for t in range(1, steps + 1):
        g = grad(x, t)
        m = b1 * m + (1 - b1) * g
        if v > g * g:
            v -= (1 - b2) * g * g
        elif v < g * g:
            v += (1 - b2) * g * g
        first, second = (m / (1 - b1**t), v / (1 - b2**t)) if corrected else (m, v)
        x -= at(rate, t) * first / (math.sqrt(second) + epsilon)
    return x


def ademamix(
    x,
    grad,
    steps,
    *,
    rate=0.001,
    b1=0.9,
    b2=0.999,
    b3=0.9999,
    alpha=5.0,
    warm=0,
    epsilon=1e-8,
    decay=0.0,
):
    fast = slow = v = 0.0
    for t in range(1, steps + 1):
        g = grad(x, t)
        kept, weight = b3, alpha
        if t < warm:
            # The steps after which half is forgotten grow evenly.
            half = (1 - t / warm) * math.log(0.5) / math.log(b1) + t / warm * math.log(0.5) / math.log(b3)
            kept, weight = 0.5 ** (1 / half), alpha * t / warm
        x -= at(rate, t) * decay * x
        fast = b1 * fast + (1 - b1) * g
        slow = kept * slow + (1 - kept) * g
        v = b2 * v + (1 - b2) * g * g
        x -= at(rate, t) * (fast / (1 - b1**t) + weight * slow) / (math.sqrt(v / (1 - b2**t)) + epsilon)
    return x


def inner(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def barzilai_borwein(x, grad, steps, *, rate=0.01, short=False):
    """This and what follows look at all coordinates: x and the gradients are lists."""
    x, last = list(x), None
    for t in range(1, steps + 1):
        g, size = grad(x, t), at(rate, t)
        if last is not None:
            moved = [a - b for a, b in zip(x, last[0], strict=True)]
            turned = [a - b for a, b in zip(g, last[1], strict=True)]
            bend = inner(moved, turned)
            if bend > 0:
                size = bend / inner(turned, turned) if short else inner(moved, moved) / bend
        last = x, g
        x = [a - size * b for a, b in zip(x, g, strict=True)]
    return x


def restarted_nag(x, grad, steps, *, rate=0.001, speed=False, shortest=10):
    """In the form of the paper: x and its extrapolation y, and how many steps ago it was restarted."""
    x, y, ago, way = list(x), list(x), 0, 0.0
    for t in range(1, steps + 1):
        g = grad(y, t)
        new = [a - at(rate, t) * b for a, b in zip(y, g, strict=True)]
        moved = [a - b for a, b in zip(new, x, strict=True)]
        ago += 1
        length = math.sqrt(inner(moved, moved))
        if (length < way and ago >= shortest) if speed else inner(g, moved) > 0:
            ago = 0
        x, way = new, length
        y = [a + ago / (ago + 3) * b for a, b in zip(x, moved, strict=True)]
    return x


def dog(x, grad, steps, *, rate=1.0, initial=1e-6, epsilon=1e-8, weighted=False):
    x, start, total = list(x), list(x), 0.0
    far = initial * (1 + math.sqrt(inner(x, x)))
    for t in range(1, steps + 1):
        g = grad(x, t)
        gone = [a - b for a, b in zip(x, start, strict=True)]
        far = max(far, math.sqrt(inner(gone, gone)))
        weight = far**2 if weighted else 1.0
        total += weight * inner(g, g)
        size = at(rate, t) * (far**2 if weighted else far) / math.sqrt(total + epsilon)
        x = [a - size * b for a, b in zip(x, g, strict=True)]
    return x


def prodigy(
    x,
    grad,
    steps,
    *,
    rate=1.0,
    b1=0.9,
    b2=0.999,
    epsilon=1e-8,
    initial=1e-6,
    coefficient=1.0,
    decay=0.0,
    corrected=False,
):
    """As in the authors' code, whose sums lack a constant factor that both have."""
    x, start, size = list(x), list(x), range(len(x))
    m, v, s = ([0.0] * len(x) for _ in range(3))
    r, d, keep = 0.0, initial, math.sqrt(b2)
    for t in range(1, steps + 1):
        g = grad(x, t)
        own = at(rate, t) * (math.sqrt(1 - b2**t) / (1 - b1**t) if corrected else 1.0)
        r = keep * r + own * d * d / initial * sum(g[i] * (start[i] - x[i]) for i in size)
        s = [keep * s[i] + own * d * d / initial * g[i] for i in size]
        m = [b1 * m[i] + (1 - b1) * d * g[i] for i in size]
        v = [b2 * v[i] + (1 - b2) * (d * g[i]) ** 2 for i in size]
        x = [x[i] - own * d * m[i] / (math.sqrt(v[i]) + d * epsilon) - own * d * decay * x[i] for i in size]
        total = sum(map(abs, s))
        if total > 0:
            d = max(d, coefficient * r / total)
    return x


def polyak_step(x, value_and_grad, steps, *, rate=1.0, lowest=0.0, largest=math.inf):
    x = list(x)
    for t in range(1, steps + 1):
        value, g = value_and_grad(x, t)
        square = inner(g, g)
        size = min(max(value - lowest, 0.0) / square, largest) if square > 0 else 0.0
        x = [a - at(rate, t) * size * b for a, b in zip(x, g, strict=True)]
    return x
