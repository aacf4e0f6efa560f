"""``check`` on objects of this process."""

import json
import math
import time

import numpy as np
import pytest
import torch

import soloneuron
from soloneuron import Element, check, language, train_neuron
from soloneuron.checking.judge.element_faults import ELEMENT_FAULTS
from soloneuron.checking.judge.neuron_models import LIST_FAULTS, UPDATE_FAULTS
from soloneuron.checking.judge.optimizer_faults import COMMON_FAULTS, OPTIMIZER_CONVENTIONS, OPTIMIZER_FAULTS
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.texts import table


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data, self.grad, self._prev = data, 0, set(_children)
        self._backward = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def back():
            self.grad = out.grad
            other.grad = out.grad

        out._backward = back
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def back():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = back
        return out

    def relu(self):
        out = Value(max(0, self.data), (self,))

        def back():
            self.grad = (out.data > 0) * out.grad

        out._backward = back
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            node._backward()


def descent(X, y, w, b, lr, epochs):
    w, losses = [float(one) for one in w], []
    for _ in range(epochs):
        zs = [sum(a * c for a, c in zip(w, row, strict=True)) + b for row in X]
        ps = [1 / (1 + math.exp(-max(-500.0, min(500.0, z)))) for z in zs]
        losses.append(
            sum(max(z, 0) - z * t + math.log1p(math.exp(-abs(z))) for z, t in zip(zs, y, strict=True))
            / len(X)
        )
        errors = [p - t for p, t in zip(ps, y, strict=True)]
        w = [
            one - lr * sum(e * row[j] for e, row in zip(errors, X, strict=True)) / len(X)
            for j, one in enumerate(w)
        ]
        b -= lr * sum(errors) / len(X)
    return [round(one, 4) for one in w], round(b, 4), [round(one, 4) for one in losses]


class Momentum:
    def __init__(self, lr=0.1, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, 0

    def step(self, params, grads):
        self.v = self.mu * self.v + grads
        return params - self.lr * self.v


@pytest.mark.parametrize(
    "own", [Element, train_neuron, *map(OPTIMIZERS.load, OPTIMIZERS)], ids=lambda one: one.__name__
)
def test_the_library_passes_its_own_check(own):
    result = check(own)
    assert result.exit_code == 0
    assert result.share == 1.0 or result.point("moves").state == "holds"


def test_the_smallest_counterexample_is_told_in_the_words_of_the_student_with_the_likely_cause():
    result = check(Value)
    point = result.point("shared")
    assert (point.counterexample.program, point.counterexample.reads) == (
        "a = Value(3); x = a + a; x.backward()",
        "a.grad",
    )
    assert (point.counterexample.got, point.counterexample.want) == ("1", "2")
    assert point.cause.id == "overwritten"
    lines, first = point.cause.method.text.splitlines(), point.cause.method.line
    told = [lines[line - first].strip() for line in point.cause.lines]
    assert told == ["self.grad = out.grad", "other.grad = out.grad"]
    assert result.point("diamond").state == "not checked"
    assert result.exit_code == 1
    assert 0 < result.share < 1


def test_the_same_object_gives_the_same_json_every_time():
    assert len({check(Value).json() for _ in range(5)}) == 1
    assert len({check(Momentum).json() for _ in range(3)}) == 1


def test_a_result_shows_itself_in_both_languages_and_escapes_what_came_from_outside():
    result = check(type("V<b>", (Value,), {}))
    for name in ("en", "ru"):
        language(name)
        try:
            assert "\n" not in repr(result)
            assert "<b>" not in result._repr_html_().replace("<b>", "", 0).split("V&lt;b&gt;")[0]
            assert "V&lt;b&gt;" in result._repr_html_()
            data = json.loads(result.json(), parse_constant=pytest.fail)
            assert {point["id"] for point in data["points"]} == {point.id for point in result.points}
            assert result.summary()
        finally:
            language("en")


def test_a_right_neuron_has_no_counterexample_and_its_convention_is_named():
    result = check(descent)
    assert (result.exit_code, result.point("convention").said.fields["name"].say("en")) == (
        0,
        "NLL, by all rows, gradients averaged",
    )
    assert check(descent, spec="nll-mean").exit_code == 0
    other = check(descent, spec="mse-mean")
    assert (other.exit_code, other.point("convention").cause.id) == (1, "other_loss_trained")


def test_an_optimizer_that_returns_is_checked_and_its_convention_named():
    result = check(Momentum)
    assert result.exit_code == 0
    assert result.point("convention").said.fields["name"].key == "checking.conventions.optimizer.momentum_sum"


def test_what_is_not_recognized_is_refused_with_an_adapter_to_fill_in():
    for odd in (3, lambda: None, int, "text", torch.zeros(2), np.mean, object()):
        with pytest.raises(InputError, match="adapter"):
            check(odd)
    with pytest.raises(UnknownNameError):
        check(Value, task="elements")
    with pytest.raises(UnknownNameError):
        check(Value, spec="nll")
    with pytest.raises(UnknownNameError, match="did you mean 'diamond'"):
        check(Value).point("diamonds")


def test_forbidden_tools_are_a_note_and_under_strict_a_must(tmp_path, monkeypatch):
    (tmp_path / "with_nn.py").write_text(
        "from torch import nn\n\n\ndef train(X, y, w, b, lr, epochs):\n    nn.Sigmoid()\n"
        "    return w, b, [0.0] * epochs\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import with_nn

    note, must = (check(with_nn.train, spec=spec).point("forbidden") for spec in ("auto", "strict"))
    assert (note.state, must.state) == ("note", "counterexample")
    assert must.counterexample.program == "5: nn.Sigmoid()"


def test_a_program_without_end_is_given_up_and_the_rest_goes_on():
    class Endless(Value):
        def relu(self):
            while True:
                time.sleep(0.01)

    point = check(Endless).point("relu")
    assert (point.state, point.cause.id) == ("counterexample", "endless")


def test_every_fault_and_every_convention_has_its_sentence_in_both_languages():
    faults = {fault.id for fault in ELEMENT_FAULTS} | {*LIST_FAULTS} | {*UPDATE_FAULTS, *COMMON_FAULTS}
    faults |= {fault for known in OPTIMIZER_FAULTS.values() for fault in known}
    for name in ("en", "ru"):
        texts = table(name, "checking")
        assert {fault.partition(":")[0] for fault in faults} - texts["causes"].keys() == set()
        conventions = {
            f"{method}_{variant}" for method, known in OPTIMIZER_CONVENTIONS.items() for variant in known
        }
        assert conventions - texts["conventions"]["optimizer"].keys() == set()


def test_check_is_public():
    assert soloneuron.check is check


def by_adam(X, y, w, b, lr, epochs, beta1=0.9, beta2=0.999, eps=1e-8):
    rows, theta = np.c_[np.array(X, float), np.ones(len(X))], np.append(np.array(w, float), b)
    m, v, losses = np.zeros_like(theta), np.zeros_like(theta), []
    for t in range(1, epochs + 1):
        z = rows @ theta
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        g = rows.T @ (1 / (1 + np.exp(-z)) - y) / len(y)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        theta = theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return list(theta[:-1]), float(theta[-1]), losses


def test_a_trainer_with_an_optimizer_inside_is_not_held_against_plain_descent():
    point = check(by_adam).point("update")
    assert (point.state, point.said.fields["name"].key) == ("holds", "optimizers.adam.title")


def test_input_is_not_waited_for():
    class Asking(Value):
        def relu(self):
            return Value(float(input("x?")))

    assert "EOFError" in check(Asking).point("relu").counterexample.got
