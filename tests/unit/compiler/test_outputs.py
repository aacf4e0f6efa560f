"""What a compiled function gives beside its loss."""

import math

import pytest
import torch

from soloneuron import Element, InputError, compile_graph
from soloneuron.element import softmax

BACKENDS = pytest.mark.parametrize("backend", ["torch", "scalar"])


@BACKENDS
def test_predictions_come_beside_the_loss_and_do_not_change_it(backend):
    w, b, x, y = (Element(v, name) for v, name in ((0.5, "w"), (0.1, "b"), (1.0, "x"), (1.0, "y")))
    z = w * x + b
    loss, p = z.softplus() - y * z, z.sigmoid()
    batch = [[1.0, 1.0], [2.0, 0.0], [-3.0, 1.0]]
    alone = compile_graph(loss, [w, b], [x, y], backend=backend)
    f = compile_graph(loss, [w, b], [x, y], outputs=[p, z, w * b, x], backend=backend)
    assert f(batch) == pytest.approx(alone(batch), rel=1e-14)
    assert torch.allclose(f.gradient, alone.gradient, atol=1e-14)
    logits = [0.5 * row[0] + 0.1 for row in batch]
    wanted = [[1 / (1 + math.exp(-t)), t, 0.05, row[0]] for t, row in zip(logits, batch, strict=True)]
    assert torch.allclose(f.outputs, torch.tensor(wanted, dtype=torch.float64), atol=1e-14)
    f(batch[:1])
    assert f.outputs.shape == (1, 4)


@BACKENDS
def test_outputs_need_not_be_on_the_way_to_the_loss(backend):
    a, b, c = (Element(v) for v in (0.3, -1.2, 0.8))
    loss = (a * b).tanh()
    outputs = [loss, *softmax([a, b, c]), c.exp() * a, Element(3.0), a]
    f = compile_graph(loss, [a, b, c], outputs=outputs, backend=backend)
    loss.backward()
    assert f() == pytest.approx(loss.data)
    assert f.gradient.tolist() == pytest.approx([a.grad, b.grad, 0.0])
    assert f.report.without_influence == ("parameter 2",)
    assert f.outputs.tolist() == pytest.approx([x.data for x in outputs])


def test_outputs_that_are_not_there_are_a_sentence():
    w = Element(1.0)
    with pytest.raises(InputError, match="keeps no outputs"):
        _ = compile_graph(w * 2, [w]).outputs
    with pytest.raises(InputError, match="call the function first"):
        _ = compile_graph(w * 2, [w], outputs=[w * 3]).outputs
    with pytest.raises(InputError, match="outputs must be a list of Elements, got Element"):
        compile_graph(w * 2, [w], outputs=w * 3)
    with pytest.raises(InputError, match="output 0 must be an Element, got float"):
        compile_graph(w * 2, [w], outputs=[1.0])
