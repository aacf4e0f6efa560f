"""Laws that every loss of the catalogue keeps, and that a new one must keep."""

import math

import mpmath
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from soloneuron.element import Element
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import Focal, Huber, as_loss
from tolerances import COMPLEX_STEP

STEP = 1e-20
NAMES = list(LOSSES)
VARIANTS = [*(as_loss(name) for name in NAMES), Huber(0.1), Huber(1.0), Focal(0.0), Focal(0.5), Focal(5.0)]
LOGITS = st.floats(-1000, 1000)
REACHED_BY_COMPLEX_NUMBERS = st.floats(-600, 600)
"""Beyond, the imaginary part of exp(-|z|) leaves the range of float64."""


def huber(p, y, loss, **_):
    e, delta = abs(p - y), mpmath.mpf(loss.delta)
    return e**2 / 2 if e <= delta else delta * (e - delta / 2)


def focal(p, y, loss, **_):
    gamma = mpmath.mpf(loss.gamma)
    return -y * (1 - p) ** gamma * mpmath.log(p) - (1 - y) * p**gamma * mpmath.log(1 - p)


TEXTBOOK = {
    "nll": lambda p, y, **_: -y * mpmath.log(p) - (1 - y) * mpmath.log(1 - p),
    "mse": lambda p, y, **_: (p - y) ** 2,
    "mae": lambda p, y, **_: abs(p - y),
    "huber": huber,
    "hinge": lambda m, **_: max(mpmath.mpf(0), 1 - m),
    "squared_hinge": lambda m, **_: max(mpmath.mpf(0), 1 - m) ** 2,
    "exponential": lambda m, **_: mpmath.exp(-m),
    "focal": focal,
}
"""The losses as their papers write them, in p and the margin m."""


def textbook(loss, z, y):
    """The loss with so many digits that saturation does not matter."""
    with mpmath.workdps(460):
        z, y = mpmath.mpf(z), mpmath.mpf(y)
        p = 1 / (1 + mpmath.exp(-z))
        return TEXTBOOK[loss.name](p=p, y=y, m=(2 * y - 1) * z, loss=loss)


def labels(loss):
    return st.floats(0, 1) if loss.soft_labels else st.sampled_from([0.0, 1.0])


def tensors(*values, dtype=torch.float64):
    return [torch.tensor(value, dtype=dtype) for value in values]


@pytest.fixture(params=VARIANTS, ids=str)
def loss(request):
    return request.param


class TestEveryLoss:
    @given(data=st.data(), z=LOGITS)
    def test_the_value_is_the_papers_formula(self, loss, data, z):
        y = data.draw(labels(loss))
        true = textbook(loss, z, y)
        ours = loss.value(*tensors(z, y)).item()
        if true > 1.7e308:
            assert ours == float("inf")
        else:
            # A soft label is the difference of two terms; their rounding is relative to the larger one.
            cancelled = 1e-15 * (1 + abs(z)) if 0 < y < 1 else 1e-300
            assert abs(ours - true) <= 1e-13 * true + cancelled

    @given(data=st.data(), z=REACHED_BY_COMPLEX_NUMBERS)
    def test_the_derivative_is_the_complex_step_of_the_value(self, loss, data, z):
        y = data.draw(labels(loss))
        z_complex = torch.tensor(complex(z, STEP), dtype=torch.complex128)
        z, y = tensors(z, y)
        step = loss.value(z_complex, y).imag.item() / STEP
        ours = loss.derivative(z, y).item()
        assume(abs(ours) < 1e250)
        assert ours == pytest.approx(step, rel=1e-12, abs=COMPLEX_STEP)

    @given(data=st.data(), z=REACHED_BY_COMPLEX_NUMBERS)
    def test_the_second_derivative_is_the_complex_step_of_the_first(self, loss, data, z):
        y = data.draw(labels(loss))
        z_complex = torch.tensor(complex(z, STEP), dtype=torch.complex128)
        z, y = tensors(z, y)
        step = loss.derivative(z_complex, y).imag.item() / STEP
        ours = loss.second_derivative(z, y).item()
        assume(abs(ours) < 1e250)
        assert ours == pytest.approx(step, rel=1e-12, abs=COMPLEX_STEP)

    @given(data=st.data(), z=LOGITS)
    def test_swapping_the_classes_mirrors_the_logit(self, loss, data, z):
        y = data.draw(labels(loss))
        assume(1 - (1 - y) == y)
        z, y = tensors(z, y)
        assert loss.value(z, y).item() == pytest.approx(loss.value(-z, 1 - y).item(), rel=1e-12)
        mirrored = -loss.derivative(-z, 1 - y).item()
        assert loss.derivative(z, y).item() == pytest.approx(mirrored, rel=1e-12)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_a_perfect_prediction_costs_nothing_and_pulls_nowhere(self, loss, dtype):
        z = torch.tensor([-1000.0, 1000.0], dtype=dtype)
        y = torch.tensor([0.0, 1.0], dtype=dtype)
        assert loss.value(z, y).tolist() == [0, 0]
        assert loss.derivative(z, y).tolist() == [0, 0]

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_the_worst_prediction_has_no_nan(self, loss, dtype):
        z = torch.tensor([1000.0, -1000.0], dtype=dtype)
        y = torch.tensor([0.0, 1.0], dtype=dtype)
        for form in (loss.value, loss.derivative, loss.second_derivative):
            assert form(z, y).dtype == dtype
            assert not form(z, y).isnan().any()
        if loss.name != "exponential":
            assert loss.value(z, y).isfinite().all()

    @given(data=st.data(), z=st.floats(-30, 30))
    def test_no_bend_exceeds_the_claimed_curvature(self, loss, data, z):
        y = data.draw(labels(loss))
        assert abs(loss.second_derivative(*tensors(z, y)).item()) <= loss.curvature * (1 + 1e-6)

    @pytest.mark.parametrize("loss", [loss for loss in VARIANTS if loss.curvature < math.inf], ids=str)
    def test_the_claimed_curvature_is_reached(self, loss):
        z = torch.linspace(-20, 20, 400_001, dtype=torch.float64)
        most = max(loss.second_derivative(z, torch.full_like(z, y)).abs().max().item() for y in (0.0, 1.0))
        assert most == pytest.approx(loss.curvature, rel=2e-3)

    def test_convexity_is_claimed_exactly_where_it_holds(self, loss):
        z = torch.linspace(-20, 20, 4001, dtype=torch.float64)
        steps = [loss.value(z, torch.full_like(z, y)) for y in (0.0, 1.0)]
        bends = torch.stack([value[2:] - 2 * value[1:-1] + value[:-2] for value in steps])
        convex = bool((bends >= -1e-12 * bends.abs().max()).all())
        assert convex == (loss.convex or loss == Focal(0.0))

    def test_strict_decrease_is_claimed_exactly_where_it_holds(self, loss):
        z = torch.linspace(-5, 25, 2001, dtype=torch.float64)
        value = loss.value(z, torch.ones_like(z))
        assert bool((value[1:] < value[:-1]).all()) == loss.strictly_decreasing

    def test_values_broadcast_over_runs(self, loss):
        z = torch.linspace(-3, 3, 10, dtype=torch.float64).view(2, 5)
        y = torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0], dtype=torch.float64)
        for form in (loss.value, loss.derivative, loss.second_derivative):
            assert torch.equal(form(z, y)[1], form(z[1], y))


def test_a_hard_label_far_on_the_right_side_keeps_relative_precision():
    z, y = tensors(100.0, 1.0)
    true = mpmath.exp(-100)
    assert as_loss("nll").value(z, y).item() == pytest.approx(float(true), rel=1e-14)
    assert as_loss("nll").derivative(z, y).item() == pytest.approx(-float(true), rel=1e-14)


def test_at_a_kink_the_derivative_is_zero():
    z, y = tensors(1.0, 1.0)
    assert as_loss("hinge").derivative(z, y).item() == 0


@pytest.mark.parametrize("delta", [0.0, -1.0, 1.5, float("nan")])
def test_huber_refuses_a_delta_outside_its_range(delta):
    with pytest.raises(InputError, match=r"delta must lie in \(0, 1\]"):
        Huber(delta)


@given(z=st.floats(-600, 600), y=st.sampled_from([0, 1]))
def test_the_graph_of_a_hard_label_is_the_loss_and_its_slope(loss, z, y):
    logit = Element(z)
    made = loss.graph(logit, Element(y))
    made.backward()
    here = tensors(z, float(y))
    assert made.data == pytest.approx(loss.value(*here).item(), rel=1e-9, abs=1e-12)
    assert logit.grad == pytest.approx(loss.derivative(*here).item(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("gamma", [-0.1, float("nan"), float("inf")])
def test_focal_refuses_a_gamma_outside_its_range(gamma):
    with pytest.raises(InputError, match="gamma must be finite and >= 0"):
        Focal(gamma)


class TestOwnLoss:
    def test_any_object_with_value_and_derivative_is_a_loss(self):
        class Cubic:
            def value(self, z, y):
                return torch.relu(1 - (2 * y - 1) * z) ** 3

            def derivative(self, z, y):
                return -3 * (2 * y - 1) * torch.relu(1 - (2 * y - 1) * z) ** 2

        own = as_loss(Cubic())
        assert (own.name, own.soft_labels, own.convex) == ("Cubic", True, False)
        assert own.value(*tensors(0.0, 1.0)).item() == 1
        with pytest.raises(InputError, match="has no second_derivative"):
            own.second_derivative(*tensors(0.0, 1.0))
        with pytest.raises(InputError, match="has no graph"):
            own.graph(Element(0.5), 1)
        Cubic.graph = lambda _, z, y: (1 - (2 * y - 1) * z).relu() ** 3
        assert own.graph(Element(0.5), 1).data == 0.125

    @pytest.mark.parametrize("nonsense", [None, 3, object(), int, Huber])
    def test_anything_else_is_refused(self, nonsense):
        with pytest.raises(InputError, match="loss must be a name or an object"):
            as_loss(nonsense)

    def test_an_unknown_name_suggests_the_nearest(self):
        with pytest.raises(InputError, match="unknown loss 'nlll': did you mean 'nll'"):
            as_loss("nlll")
