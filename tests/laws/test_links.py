"""Laws of the sigmoid and its relatives, against fifty-digit arithmetic."""

import mpmath
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.formulas.links import log_sigmoid, magnitude, relu, sigmoid, sigmoid_slope, softplus
from tolerances import COMPLEX_STEP

LOGITS = st.floats(-1000, 1000)


def exact(name, z):
    """The textbook formula, in so many digits that the textbook form is right."""
    with mpmath.workdps(460):
        z = mpmath.mpf(z)
        p = 1 / (1 + mpmath.exp(-z))
        return {
            "sigmoid": p,
            "softplus": mpmath.log(1 + mpmath.exp(z)),
            "log_sigmoid": mpmath.log(p),
            "sigmoid_slope": p * (1 - p),
        }[name]


@pytest.mark.parametrize("link", [sigmoid, softplus, log_sigmoid, sigmoid_slope], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("dtype", "digits"), [(torch.float64, 4e-16), (torch.float32, 4e-7)], ids=["float64", "float32"]
)
class TestSaturation:
    @given(z=LOGITS)
    def test_every_logit_up_to_1000_has_full_relative_precision(self, link, dtype, digits, z):
        z = torch.tensor(z, dtype=dtype)
        true = exact(link.__name__, z.item())
        smallest = torch.finfo(dtype).tiny
        if abs(true) > smallest:
            assert abs(mpmath.mpf(link(z).item()) - true) <= digits * abs(true)
        else:
            assert abs(link(z).item()) <= smallest

    def test_infinity_and_nan_go_through(self, link, dtype, digits):  # noqa: ARG002
        ends = link(torch.tensor([float("-inf"), float("inf"), float("nan")], dtype=dtype)).tolist()
        known = {"sigmoid": (0, 1), "softplus": (0, float("inf")), "log_sigmoid": (float("-inf"), 0)}
        low, high = known.get(link.__name__, (0, 0))
        assert ends[:2] == [low, high]
        assert ends[2] != ends[2]

    def test_the_dtype_stays(self, link, dtype, digits):  # noqa: ARG002
        assert link(torch.zeros(3, dtype=dtype)).dtype == dtype


@given(z=st.floats(-600, 600))
def test_the_slope_is_the_derivative_of_the_sigmoid_and_the_sigmoid_that_of_softplus(z):
    point = torch.tensor(complex(z, 1e-20), dtype=torch.complex128)
    real = torch.tensor(z, dtype=torch.float64)
    assert sigmoid(point).imag.item() / 1e-20 == pytest.approx(sigmoid_slope(real).item(), rel=COMPLEX_STEP)
    assert softplus(point).imag.item() / 1e-20 == pytest.approx(sigmoid(real).item(), rel=COMPLEX_STEP)


@given(z=LOGITS)
def test_both_sides_of_the_sigmoid_add_up_to_one(z):
    z = torch.tensor(z, dtype=torch.float64)
    assert (sigmoid(z) + sigmoid(-z)).item() == pytest.approx(1, rel=1e-15)


def test_relu_and_magnitude_choose_by_the_real_part():
    z = torch.tensor([-2 + 1j, 3 - 1j])
    assert relu(z).tolist() == [0, 3 - 1j]
    assert magnitude(z).tolist() == [2 - 1j, 3 - 1j]
