"""Newton's method: ten steps to the optimum, whatever the scale of the columns."""

import pytest
import torch

from meetings import Meetings
from soloneuron import fit, minimize
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.newton import newton_direction
from soloneuron.neuron import Neuron
from soloneuron.optimizers import Newton
from soloneuron.records.dataset import Batch
from soloneuron.training.evaluation import Counted, Evaluation

SCALES = [1e-6, 1e-3, 1e3, 1e6]
NOT_CONVEX = ["mse", "mae", "huber", "focal"]


def made(n=300, d=4, seed=0):
    """Rows that no line parts."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=generator, dtype=torch.float64)
    w = 2 * torch.randn(d, generator=generator, dtype=torch.float64)
    chance = torch.rand(n, generator=generator, dtype=torch.float64)
    return X, (chance < torch.sigmoid(X @ w + 0.5)).double()


def relative_gradient(history, X, y, loss="nll"):
    """The largest slope by a standardized weight where a fit ended."""
    neuron, batch = Neuron(as_loss(loss)), Batch(X, y, None)
    _, gradient = neuron.value_and_gradient(history.theta[-1], batch)
    return float(neuron.coordinates(batch).down(gradient).abs().max())


@pytest.mark.parametrize("scale", SCALES)
def test_the_scale_of_the_columns_changes_no_prediction(scale):
    X, y = made()
    one, other = (fit(data, y, optimizer="newton", epochs=4) for data in (X, X * scale))
    torch.testing.assert_close(other.predict_proba(X * scale), one.predict_proba(X), rtol=0, atol=1e-8)


X, Y = made()
UGLY = {
    "large beside small": (torch.cat([X * 1e5, X[:, :1].exp()], 1), Y),
    "tiny": (X * 1e-6, Y),
    "far from zero": (X + 1000, Y),
    "all at once": (torch.cat([X[:, :2] * 1e5 + 1e8, X[:, 2:] * 1e-6], 1), Y),
    "constant": (torch.cat([X, torch.full((300, 1), 7.0)], 1), Y),
    "zeros": (torch.cat([X, torch.zeros(300, 1)], 1), Y),
    "repeated": (torch.cat([X, X * 3, X[:, :1] + X[:, 1:2]], 1), Y),
}


@pytest.mark.parametrize("kind", UGLY)
def test_the_optimum_is_reached_on_columns_as_they_come(kind):
    data, labels = UGLY[kind]
    history = fit(data, labels, optimizer="newton", epochs=12)
    assert relative_gradient(history, data, labels) < 1e-10
    best = fit(X, Y, optimizer="newton", epochs=12)
    if kind != "large beside small":  # it has a column more to learn from
        assert history.loss[-1].item() == pytest.approx(best.loss[-1].item(), rel=1e-9)


def test_more_columns_than_rows_are_no_trap():
    data, labels = made(20, 50)
    history = fit(data, labels, optimizer="newton", epochs=25)
    assert history.loss[-1] < 1e-8
    assert history.theta.isfinite().all()


def test_float32_with_an_offset_arrives_as_far_as_float32_can():
    history = fit(X + 1000, Y, optimizer="newton", epochs=12, dtype=torch.float32)
    best = fit(X, Y, optimizer="newton", epochs=12)
    assert history.theta.dtype == torch.float32
    assert history.loss[-1].item() == pytest.approx(best.loss[-1].item(), rel=1e-3)


@pytest.mark.parametrize("start", [None, [0.0, 0.0, 0.0, 0.0, 8.0]], ids=["zeros", "plateau"])
@pytest.mark.parametrize("loss", NOT_CONVEX)
def test_a_loss_that_is_not_convex_arrives_too(loss, start):
    history = fit(X, Y, loss=loss, optimizer="newton", initial=start, epochs=45)
    assert relative_gradient(history, X, Y, loss) < (1e-6 if loss == "mae" else 1e-10)
    assert history.loss[-1] < history.loss[0]
    assert history.value.diff().max() <= 1e-10


def test_features_of_hundreds_do_not_throw_the_exponential_loss_out_of_all_numbers():
    history = fit(X * 500, Y, loss="exponential", optimizer="newton", epochs=20)
    assert relative_gradient(history, X * 500, Y, "exponential") < 1e-10


@pytest.mark.parametrize("loss", LOSSES)
def test_the_hessian_made_convex_bends_downwards_nowhere(loss):
    neuron, batch = Neuron(as_loss(loss)), Batch(X, Y, None)
    for theta in (torch.zeros(5), torch.linspace(-6, 6, 5)):
        found = neuron.convex_hessian(theta.double(), batch)
        assert float(torch.linalg.eigvalsh(found)[0]) > -1e-15
        assert float(found.diagonal().min()) > 0


def test_rows_in_blocks_bend_as_all_rows_at_once(monkeypatch):
    neuron, theta = Neuron(), torch.linspace(-1, 1, 5, dtype=torch.float64)
    batch = Batch(X, Y, torch.linspace(0, 2, 300, dtype=torch.float64))
    whole, middle = neuron.hessian(theta, batch), neuron.coordinates(batch)
    monkeypatch.setattr("soloneuron.formulas.gram.NUMBERS_AT_ONCE", 30)
    monkeypatch.setattr("soloneuron.formulas.columns.NUMBERS_AT_ONCE", 30)
    torch.testing.assert_close(neuron.hessian(theta, batch), whole, rtol=1e-12, atol=1e-15)
    again = neuron.coordinates(batch)
    torch.testing.assert_close((again.mean, again.scale), (middle.mean, middle.scale), rtol=1e-12, atol=1e-12)


def test_standard_coordinates_give_every_row_the_same_logit():
    data = X * torch.tensor([1e5, 1e-6, 1.0, 3.0]) + torch.tensor([1e7, 0.0, 1000.0, -2.0])
    neuron, batch = Neuron(), Batch(data, Y, None)
    columns, inner = neuron.coordinates(batch), torch.linspace(-1, 1, 5, dtype=torch.float64)
    standard = (data - data.mean(0)) / data.std(0, correction=0)
    torch.testing.assert_close(neuron.logits(columns.up(inner), data), neuron.logits(inner, standard))
    torch.testing.assert_close(columns.inside(columns.up(inner)), inner)
    _, slope = neuron.value_and_gradient(inner, Batch(standard, Y, None))
    _, raw = neuron.value_and_gradient(columns.up(inner), batch)
    torch.testing.assert_close(columns.down(raw), slope, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("name", SURFACES)
def test_the_hessian_of_a_surface_is_the_slope_of_its_gradient(name):
    surface, point, h = SURFACES.load(name)(), torch.tensor([0.7, -0.4], dtype=torch.float64), 1e-6
    steps = h * torch.eye(2, dtype=torch.float64)
    slopes = (surface.gradient(point + steps) - surface.gradient(point - steps)) / (2 * h)
    torch.testing.assert_close(surface.hessian(point), slopes, rtol=1e-6, atol=1e-5)


def test_a_saddle_is_left_downhill_and_elements_tell_their_own_bends():
    assert minimize("saddle", None, "newton", 20).value == pytest.approx(-0.25)
    path = minimize(lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-1.2, 1.0], "newton", 25)
    assert path.point.tolist() == pytest.approx([1, 1])


def test_a_step_needs_one_vector_and_second_derivatives():
    with pytest.raises(ShapeError, match="no run axis"):
        Newton().start(torch.zeros(3, 2))
    with pytest.raises(InputError, match="has no method hessian: give it one, or take lbfgs"):
        minimize((lambda x: (x * x).sum(-1), lambda x: 2 * x), [1.0], "newton")
    with pytest.raises(InputError, match="whole objective"):
        Newton(weight_decay=0.1)


def test_a_hessian_counts_as_its_columns():
    theta = torch.zeros(5, dtype=torch.float64)
    counted, rule = Counted(Evaluation(Neuron(), Batch(X, Y, None))), Newton()
    rule.update(theta, counted, rule.start(theta))
    assert counted.calls == 1 + 5 + 1  # the gradient, the Hessian, one trial


@pytest.mark.slow  # a second of imports
def test_host_and_device_meet_at_most_once_a_trial(monkeypatch):
    told, tolist = [], torch.Tensor.tolist
    monkeypatch.setattr(torch.Tensor, "tolist", lambda x: told.append(x) or tolist(x))
    batch = Batch(X, Y, None)
    for loss, start in (("nll", 0.0), ("mse", 8.0), ("nll", 30.0)):
        theta, rule = torch.tensor([0.0, 0.0, 0.0, 0.0, start], dtype=torch.float64), Newton()
        state, trials = rule.start(theta), []
        evaluation = Evaluation(Neuron(as_loss(loss)), batch)
        value = evaluation.value
        evaluation.value = lambda point, value=value, trials=trials: trials.append(point) or value(point)
        for _ in range(5):
            told.clear()
            trials.clear()
            with Meetings() as meetings:
                rule.update(theta, evaluation, state)
            assert meetings.count + len(told) <= len(trials)


def test_a_direction_is_that_of_the_inverse():
    H = torch.tensor([[2.0, 0.5], [0.5, 1e6]], dtype=torch.float64)
    g = torch.tensor([1.0, -3.0], dtype=torch.float64)
    direction, failed = newton_direction(H, g)
    assert not failed
    torch.testing.assert_close(direction, torch.linalg.solve(H, g), rtol=1e-10, atol=1e-14)
    for bad in (-H, H * torch.nan, H * torch.inf, torch.zeros(2, 2)):
        direction, failed = newton_direction(bad, g)
        assert failed or not direction.isfinite().all()
