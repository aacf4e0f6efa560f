"""How fast are the optimizers beside torch.optim? One thread, medians of rounds that take turns.

Prints one line a ratio, ``name: measured (asked)``; a ratio is our time over the rival's, so small is good,
except for the last line. Run: python benchmarks/optimizers.py
"""

import platform
import statistics
import timeit

import torch

from soloneuron.optimizers import (
    NAG,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
)

SGD = {"lr": 1e-3, "momentum": 0.9}
NINE = [
    ("momentum", Momentum(), torch.optim.SGD, SGD),
    ("nesterov", Nesterov(), torch.optim.SGD, SGD | {"nesterov": True}),
    ("nag", NAG(), torch.optim.SGD, SGD | {"nesterov": True}),
    ("adagrad", Adagrad(), torch.optim.Adagrad, {}),
    ("adadelta", Adadelta(), torch.optim.Adadelta, {}),
    ("rmsprop", RMSProp(), torch.optim.RMSprop, {}),
    ("adam", Adam(), torch.optim.Adam, {}),
    ("nadam", Nadam(), torch.optim.NAdam, {}),
    ("adamw", AdamW(), torch.optim.AdamW, {}),
]
SMALL = {"adam": "<= 0.20", "momentum": "<= 0.20"}
FUSED = {"adam": "<= 2.0", "momentum": "<= 1.2", "adagrad": "<= 2.4"}


def ours(rule, start):
    """One step of ours, with the look-ahead where the method has one."""
    theta, g = start.clone(), torch.rand_like(start)
    state = rule.start(theta)

    def step():
        rule.at(theta, state)
        rule.step(theta, g, state)

    return step if rule.needs != "gradient" else lambda: rule.step(theta, g, state)


def theirs(kind, settings, start):
    """One step of torch's."""
    parameter = torch.nn.Parameter(start.clone())
    parameter.grad = torch.rand_like(start)
    return kind([parameter], **settings).step


def medians(calls, number, rounds):
    """Seconds a call; the rivals take turns, so that a busy machine slows all of them."""
    times = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            taken.append(timeit.timeit(call, number=number) / number)
    return [statistics.median(taken) for taken in times]


def one_step(size, number, rounds):
    """Our time over torch's default, and over torch's fused where there is one."""
    start, plain, fused = torch.rand(size), {}, {}
    for name, rule, kind, settings in NINE:
        calls = [ours(rule, start), theirs(kind, settings, start)]
        if name in FUSED:
            calls.append(theirs(kind, settings | {"fused": True}, start))
        mine, default, *rest = medians(calls, number, rounds)
        plain[name] = mine / default
        if rest:
            fused[name] = mine / rest[0]
    return plain, fused


def sweep(runs=1024, size=3):
    """How many times cheaper a run and step is when 1024 runs are one tensor."""
    rates = torch.logspace(-4, -1, runs)[:, None]
    together, alone = medians(
        [
            ours(Adam(learning_rate=rates), torch.rand(runs, size)),
            theirs(torch.optim.Adam, {}, torch.rand(size)),
        ],
        500,
        9,
    )
    return alone / (together / runs)


def main():
    """Print the table."""
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    machine = platform.processor() or platform.machine()
    print(f"{machine}, one thread, torch {torch.__version__}, Python {platform.python_version()}")
    plain, _ = one_step(3, 1000, 9)
    for name, ratio in plain.items():
        print(
            f"one step, 3 parameters, {name} / torch default: {ratio:.2f} ({SMALL.get(name, 'see median')})"
        )
    print(f"one step, 3 parameters, median of the nine: {statistics.median(plain.values()):.2f} (<= 0.25)")
    plain, fused = one_step(10**7, 1, 9)
    for name, ratio in plain.items():
        asked = "<= 0.85" if name == "momentum" else "<= 0.45"
        print(f"one step, 1e7 float32 parameters, {name} / torch default: {ratio:.2f} ({asked})")
    for name, ratio in fused.items():
        print(f"one step, 1e7 float32 parameters, {name} / torch fused: {ratio:.2f} ({FUSED[name]})")
    print(f"adam, 1024 runs of 3 parameters, times cheaper than torch: {sweep():.0f} (>= 1000)")


if __name__ == "__main__":
    main()
