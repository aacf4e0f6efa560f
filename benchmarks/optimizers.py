"""How fast are the optimizers beside torch.optim? One thread, medians of rounds that take turns.

The share of torch's time that a step of ours takes, so small is good; the last row is how many times cheaper
a run is when 1024 of them are one tensor. Run: python benchmarks/optimizers.py
"""

import statistics
import sys

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

from harness import Report, in_turn

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
SMALL = {"adam": 0.20, "momentum": 0.20}
LARGE = dict.fromkeys((name for name, *_ in NINE), 0.45) | {"momentum": 0.85}
FUSED = {"adam": 2.0, "momentum": 1.2, "adagrad": 2.4}


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


def one_step(report, size, calls, asked, fused):
    """Our time beside torch's default, and its fused where that is asked; the shares of the default."""
    start, shares = torch.rand(size), []
    for name, rule, kind, settings in NINE:
        work = f"{name}, one step, {size:,} parameters"
        rivals = {"ours": ours(rule, start), "torch": theirs(kind, settings, start)}
        if name in fused:
            rivals["torch fused"] = theirs(kind, settings | {"fused": True}, start)
        taken = in_turn(rivals, 9, calls)
        report.share(work, taken["ours"], "torch", taken["torch"], asked.get(name))
        if name in fused:
            report.share(work, taken["ours"], "torch fused", taken["torch fused"], fused[name])
        shares.append(taken["ours"] / taken["torch"])
    return shares


def sweep(report, runs=1024, size=3):
    """How many times cheaper a run and step is when 1024 runs are one tensor."""
    rates = torch.logspace(-4, -1, runs)[:, None]
    together = ours(Adam(learning_rate=rates), torch.rand(runs, size))
    alone = theirs(torch.optim.Adam, {}, torch.rand(size))
    taken = in_turn({"together": together, "alone": alone}, 9, 500)
    work = f"adam, one step of {size} parameters, {runs} runs in one"
    report.faster(work, taken["together"] / runs, "torch, a run alone", taken["alone"], 1000)


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    report = Report(
        "How fast are the optimizers beside torch.optim? Medians of rounds that take turns.", "torch"
    )
    shares = one_step(report, 3, 1000, SMALL, {})
    middle = statistics.median(shares)
    report.alone("the median of the nine, 3 parameters", middle, "of it", asked=0.25, note="torch")
    one_step(report, 10**7, 1, LARGE, FUSED)
    sweep(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
