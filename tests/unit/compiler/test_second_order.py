"""Hessian-vector products and several losses."""

import pytest
import torch

from soloneuron import Element, InputError
from soloneuron.compiler import compile_graph, compile_hessian_product, compile_losses
from soloneuron.element import atan2, hessian, maximum, softmax, where
from soloneuron.element.recomputing import recomputed
from soloneuron.errors import GraphError, ShapeError


def everything(x, y):
    smooth = (x * y).tanh() + x.exp() * y.sigmoid() + (x * x + 1) ** 1.5 + (y / (x * x + 2)).log1p()
    kinked = maximum(x * x, y) * x + abs(x - y) * y + (x * y).relu() * x + x.clamp(-1, 1) * y * y
    chosen = where(x > y, x * y, y.sin() * x) + atan2(x, y) + softmax([x, x * y, y])[1]
    return smooth + kinked + chosen


@pytest.mark.parametrize("backend", ["torch", "scalar"])
@pytest.mark.parametrize("point", [(0.4, 0.9), (-0.7, 0.3), (1.3, 0.2)])
def test_the_product_is_that_of_the_hessian_wherever_theta_has_moved(backend, point):
    x, y = Element(0.5), Element(1.5)
    product = compile_hessian_product(everything(x, y), [x, y], backend=backend)
    product.theta = point
    H = torch.tensor(hessian(everything, point), dtype=torch.float64)
    for vector in ([1.0, 0.0], [0.0, 1.0], [2.0, -3.0]):
        wanted = H @ torch.tensor(vector, dtype=torch.float64)
        assert torch.allclose(product(vector), wanted, rtol=1e-9, atol=1e-9)
    f = compile_graph(everything(x, y), [x, y], backend=backend)
    f.theta = point
    f()
    assert torch.allclose(product.gradient, f.gradient, rtol=1e-12, atol=1e-12)


def test_over_a_batch_it_is_the_mean_of_the_products_of_the_samples():
    w, b, x, label = (Element(v) for v in (0.5, 0.1, 1.0, 1.0))
    z = w * x + b
    product = compile_hessian_product(z.softplus() - label * z, [w, b], [x, label])
    rows = torch.tensor([[1.0, 1.0], [-2.0, 0.0], [0.5, 1.0]], dtype=torch.float64)
    p = torch.sigmoid(0.5 * rows[:, 0] + 0.1)
    A = torch.stack([rows[:, 0], torch.ones(3, dtype=torch.float64)], 1)
    H = (A * (p * (1 - p))[:, None]).T @ A / 3
    v = torch.tensor([0.3, -1.0], dtype=torch.float64)
    assert torch.allclose(product(v, rows), H @ v, atol=1e-14)


def test_a_linear_loss_has_no_curvature_and_a_vector_must_fit():
    w, v = Element(0.5), Element(2.0)
    product = compile_hessian_product(3 * w - v, [w, v])
    assert product([1.0, 1.0]).tolist() == [0.0, 0.0]
    with pytest.raises(ShapeError, match=r"vector must be \(2,\)"):
        product([1.0])


def test_a_graph_is_computed_again_and_a_hand_made_node_is_refused():
    x, y = Element(0.5), Element(1.5)
    again = recomputed(everything(x, y), {x: Element(0.7)})
    assert again.data == pytest.approx(everything(Element(0.7), y).data)
    with pytest.raises(GraphError, match="hand-made"):
        recomputed(Element(2.0, (x, y), "+") * 2, {})


def test_several_losses_share_theta_and_have_a_gradient_each():
    w, x = Element(3.0), Element(1.0)
    f = compile_losses([(w * x - 1) ** 2, w.exp() * x], [w], [x])
    f.theta = [2.0]
    one, other = f([[1.0], [2.0]])
    assert one == pytest.approx((1 + 9) / 2)
    assert other == pytest.approx(1.5 * torch.tensor(2.0, dtype=torch.float64).exp().item())
    assert f.gradient[0].item() == pytest.approx((2 * 1 * 1 + 2 * 3 * 2) / 2)
    assert f.gradient[1].item() == pytest.approx(other)
    with pytest.raises(InputError, match="at least one Element"):
        compile_losses([], [w])
