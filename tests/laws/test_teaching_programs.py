"""The programs of public teaching: right, by a backend that suits them, and no longer than they need."""

import math

import pytest
import torch

from soloneuron.compiler import compile_graph
from teaching_programs import PROGRAMS, made

BOUNDS = {
    "polynomial": ("torch", 6),
    "moons": ("torch", 28),
    "gpt": ("scalar", 280),
    "functions": ("scalar", 25),
    "rnn_20": ("scalar", 350),
    "rnn_200": ("scalar", 3500),
    "lstm": ("scalar", 720),
    "kalman": ("scalar", 1620),
    "pendulum": ("scalar", 8050),
    "batch_norm": ("torch", 59),
    "convolution": ("torch", 18),
    "log_determinant": ("scalar", 110),
    "log_sum_exp": ("torch", 17),
    "divisions": ("scalar", 920),
    "product": ("torch", 11),
}
"""The backend that is chosen, and how many calls or lines it may take at most."""


def check(f, loss, own, tolerance=1e-12):
    for _ in range(2):
        assert math.isclose(f(), loss.data, rel_tol=tolerance, abs_tol=tolerance)
        slopes = zip(f.gradient.tolist(), own, strict=True)
        assert all(math.isclose(a, p.grad, rel_tol=1e-9, abs_tol=tolerance) for a, p in slopes)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_right_and_within_its_bound(name):
    loss, own = made(name)
    loss.backward()
    f = compile_graph(loss, own)
    backend, most = BOUNDS[name]
    assert (f.report.backend, f.report.calls <= most) == (backend, True), f.report
    check(f, loss, own)


@pytest.mark.parametrize("name", sorted({*PROGRAMS} - {"pendulum", "rnn_200", "kalman", "divisions"}))
def test_both_backends_agree_to_twelve_digits(name):
    loss, own = made(name)
    one, other = (compile_graph(loss, own, backend=backend) for backend in ("torch", "scalar"))
    assert math.isclose(one(), other(), rel_tol=1e-12, abs_tol=1e-12)
    torch.testing.assert_close(one.gradient, other.gradient, rtol=1e-11, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pendulum", "rnn_200", "kalman", "divisions"])
def test_long_programs_agree_in_torch_too(name):
    loss, own = made(name)
    loss.backward()
    check(compile_graph(loss, own, backend="torch"), loss, own)
