"""The programs of public teaching, compiled: right, how long that takes, and how long a step takes then.

Each is scalar code as a lesson has it (``tests/teaching_programs.py``): micrograd's moons, a step of a small
transformer, recurrent networks, a Kalman filter, a pendulum, and so on. Values and gradients are compared
with those of Elements. A graph may take 3 ms and 45 microseconds a node to compile, times the factor of this
machine. Exits with 1 if something is wrong or takes longer.
"""

import math
import sys
from pathlib import Path

import torch

from recurrences import compiled_anew

from harness import Report, in_turn

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from teaching_programs import PROGRAMS, made

ROUNDS, BLOCK = 5, 20
ONCE, EACH = 3e-3, 45e-6
"""Seconds that any graph may take to compile, and seconds a node."""


def right(f, loss, own):
    """Whether a compiled function has the value and the gradient that its graph has."""
    loss.zero_grad()
    loss.backward()
    slopes = zip(f.gradient.tolist(), own, strict=True)
    same = [math.isclose(f(), loss.data, rel_tol=1e-12, abs_tol=1e-12)]
    return all(same + [math.isclose(g, p.grad, rel_tol=1e-9, abs_tol=1e-11) for g, p in slopes])


def measure(report, name):
    """A row for the compilation, and one for a step beside the same on Elements."""
    loss, own = made(name)

    taken, f = compiled_anew(loss, own)
    f()
    if not right(f, loss, own):
        sys.exit(f"{name}: the compiled function does not compute what its graph does")
    bound = (ONCE + EACH * f.report.nodes) * max(1.0, report.factor)
    report.alone(f"{name}: compile", taken, asked=bound, note=f"{f.report.nodes} nodes, {f.report.backend}")

    def eagerly():
        again, leaves = made(name)
        again.backward()
        return leaves

    steps = in_turn({"compiled": f}, ROUNDS, BLOCK)
    eager = in_turn({"eager": eagerly}, 3, warm=0)
    report.faster(f"{name}: step", steps["compiled"], "on Elements, with building", eager["eager"])


def main():
    torch.set_num_threads(1)
    report = Report("How fast are compiled programs of teaching? float64, one thread; medians", "torch")
    for name in PROGRAMS:
        measure(report, name)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
