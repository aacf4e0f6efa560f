"""What the compiler refuses, warns of, reports, keeps and prints."""

import copy
import gc
import itertools
import math
import pickle
import random

import pytest
import torch

from soloneuron import InputError, InputWarning, compile_graph
from soloneuron.compiler import interface
from soloneuron.compiler.backends import choice
from soloneuron.element import Element, maximum, where
from soloneuron.errors import GraphError, ShapeError
from soloneuron.records.dataset import Batch

X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
Y = [1.0, 0.0, 0.0, 0.0, 1.0]


def leaves(*names):
    return [Element(0.5 + i, name) for i, name in enumerate(names)]


def neuron(samples=X, labels=Y):
    w1, w2, b = Element(0.1, "w1"), Element(-0.2, "w2"), Element(0.0, "b")
    z = [w1 * x1 + w2 * x2 + b for x1, x2 in samples]
    return sum(t.softplus() - y * t for t, y in zip(z, labels, strict=True)) / len(samples), [w1, w2, b]


def test_the_source_of_the_neuron_is_its_textbook_gradient():
    f = compile_graph(*neuron())
    step = f.source.partition("def step")[2]
    calls = [line.strip().partition("(")[0] for line in step.splitlines() if "(" in line][1:]
    backward = [line for line in step.partition("# backward")[2].splitlines() if "(" in line]
    assert calls.count("mv") == 2
    names = [line.strip().partition("(")[0].rpartition(".")[2] for line in backward]
    assert names == ["sigmoid", "mul", "sub_", "mv"]


def test_the_moons_graph_becomes_a_handful_of_calls():
    dice = random.Random(1)
    sizes = (2, 16, 16, 1)
    layers = [
        [[Element(dice.uniform(-1, 1)) for _ in range(i + 1)] for _ in range(o)]
        for i, o in itertools.pairwise(sizes)
    ]
    parameters = [p for layer in layers for row in layer for p in row]

    def score(x):
        for k, layer in enumerate(layers):
            x = [sum((w * a for w, a in zip(row, x, strict=False)), row[-1]) for row in layer]
            x = [z.relu() for z in x] if k < 2 else x
        return x[0]

    rows = [[Element(dice.gauss(0, 1)), Element(dice.gauss(0, 1))] for _ in range(100)]
    losses = [(1 + -dice.choice([-1, 1]) * score(row)).relu() for row in rows]
    loss = sum(losses) * (1 / 100) + 1e-4 * sum(p * p for p in parameters)
    f = compile_graph(loss, parameters)
    assert f.report.nodes > 65_000
    assert f.report.calls <= 24
    loss.backward()
    assert abs(f() - loss.data) < 1e-12
    assert max(abs(a - p.grad) for a, p in zip(f.gradient.tolist(), parameters, strict=True)) < 1e-12


def test_the_same_sample_twice_is_still_one_matrix_product():
    once, twice = (compile_graph(*neuron(rows, labels)) for rows, labels in ((X, Y), (X + X[:2], Y + Y[:2])))
    assert twice.report.calls == once.report.calls

    w = [Element(0.1 * i) for i in range(6)]

    def calls(rows):
        layer = [[(w[j] * a + w[j + 1] * b).tanh() for j in (0, 2, 4)] for a, b in rows]
        f = compile_graph(sum(h for row in layer for h in row), w)
        f()
        return f.report.calls

    assert calls(X) == calls(X + X[:2])


def test_theta_may_be_changed_in_place_and_the_gradient_follows():
    w, x = leaves("w", "x")
    f = compile_graph((w * x) ** 2, [w], [x])
    f.theta.fill_(3.0)
    assert f([[2.0]]) == 36.0
    assert f.gradient.tolist() == [24.0]


def test_an_objective_takes_features_and_labels_and_many_thetas():
    w, x, y = leaves("w", "x", "y")
    f = compile_graph((w * x - y) ** 2, [w], [x, y])
    batch = Batch(torch.tensor([[1.0], [2.0]]), torch.tensor([1.0, 0.0]), torch.tensor([0.5, 1.5]))
    values, gradients = f.value_and_gradient(torch.tensor([[1.0], [2.0]], dtype=torch.float64), batch)
    assert values.tolist() == [3.0, 12.25]
    assert gradients.tolist() == [[6.0], [12.5]]


def test_what_depends_on_the_numbers_is_decided_at_run_time():
    w, x = leaves("w", "x")
    f = compile_graph(maximum(w * x, x.relu()) + w.leaky_relu(0.1), [w], [x])
    assert f([[4.0]]) == 4.5
    assert f([[-4.0]]) == 0.5
    assert f.gradient.tolist() == [1.0]


@pytest.mark.parametrize("function", ["log", "sqrt"])
def test_where_eager_raises_the_compiled_function_gives_nan(function):
    (w,) = leaves("w")
    f = compile_graph(getattr(w, function)(), [w])
    f.theta.fill_(-1.0)
    assert math.isnan(f())
    f.theta.fill_(0.0)
    assert math.isnan(f()) == (function == "log")


def test_nan_in_a_batch_goes_through():
    w, x = leaves("w", "x")
    f = compile_graph((w * x).relu(), [w], [x])
    assert math.isnan(f([[1.0], [math.nan]]))


def test_a_kink_that_no_gradient_reaches_passes_none_on():
    w, v = leaves("w", "v")
    f = compile_graph(w.sqrt() * v.relu() + v, [w, v])
    f.theta.copy_(torch.tensor([0.0, -1.0]))
    f()
    assert f.gradient.tolist() == [0.0, 1.0]


def test_parameters_without_influence_are_reported():
    w, v = leaves("w", "v")
    f = compile_graph(w * 2, [w, v])
    f()
    assert f.gradient.tolist() == [2.0, 0.0]
    assert f.report.without_influence == ("v",)
    assert "the loss does not depend on v" in str(f.report)


def test_compared_elements_give_a_warning():
    w, x = leaves("w", "x")
    loss = w * 2 if abs(x) > 0.1 else w
    with pytest.warns(InputWarning, match="x was compared with > while"):
        compile_graph(loss + x, [w], [x])


def newton(x):
    """The square root of 2: a loop that ends where two numbers are near."""
    old = x
    for _ in range(50):
        new = (old + 2 / old) / 2
        if abs(new - old) < 1e-12:
            break
        old = new
    return new


@pytest.mark.parametrize(
    ("branch", "how"),
    [
        (newton, "compared with <"),
        (lambda x: x * 2 if x else x, r"read by bool\(\)"),
        (lambda x: (x or 3) * 2, r"read by bool\(\)"),
        (lambda x: x if x == 2 else x * 3, "compared with =="),
        (lambda x: x if (x * x).real > 0 else -x, "read by .real"),
        (lambda x: x if (x * 2) >= 1 else -x, "compared with >="),
        (lambda x: max([x * 2, x * 3]), "compared with >"),
        (lambda x: x * sum(y > 1 for y in (x, x * 2)), "compared with >"),
    ],
)
def test_a_branch_taken_anywhere_above_the_loss_is_told_with_its_line(branch, how):
    x = Element(1.5, "x")
    loss = branch(x) * 2 + 1
    with pytest.warns(InputWarning, match=how + r" while the graph was built \(test_compile.py, line \d+\)"):
        compile_graph(loss, [x])


def test_a_recorded_comparison_is_decided_in_every_run_and_freezes_nothing():
    x, y = leaves("x", "y")
    f = compile_graph(where(x > 0, x * x, -y) + (y >= x) * x + where(x < y, 0, y), [x, y])
    for a, b in ((1.0, 2.0), (-1.0, 2.0), (3.0, -2.0)):
        f.theta = [a, b]
        assert f() == (a * a if a > 0 else -b) + (a if b >= a else b)
        slope = (2 * a if a > 0 else 0) + (b >= a)
        assert f.gradient.tolist() == [slope, -1.0 * (a <= 0) + (b < a)]


@pytest.mark.parametrize(
    ("compute", "at", "dtype", "value"),
    [
        (lambda x: (1e200 * x) ** 2, 1e-200, torch.float64, 1.0),
        (lambda x: x * 1e200 * 1e200 / 1e300, 1e-200, torch.float64, 1e-100),
        (lambda x: (x - 1e308) - 1e308, 1.5e308, torch.float64, -5e307),
        (lambda x: (x * 1e-200) * 1e-200 * 1e300, 1e200, torch.float64, 1e100),
        (lambda x: (1e200 * x) * (1e200 * x), 1e-200, torch.float64, 1.0),
        (lambda x: (x * x * 1e300 + 1e8) * 1e300, 1e-300, torch.float64, 1e308),
        (lambda x: x / 1e308, 1e308, torch.float64, 1.0),
        (lambda x: (1e20 * x) ** 2, 1e-10, torch.float32, 1e20),
        (lambda x: (1e-25 * x) ** 2, 1e25, torch.float32, 1.0),
    ],
)
def test_constants_keep_their_range(compute, at, dtype, value):
    x = Element(at)
    f = compile_graph(compute(x), [x], dtype=dtype)
    assert math.isclose(f(), value, rel_tol=1e-6 if dtype == torch.float32 else 1e-14)


def test_a_number_that_float32_cannot_hold_is_refused():
    x = Element(1e-10)
    with pytest.raises(InputError, match=r"holds the number 1e\+40, which float32 cannot hold"):
        compile_graph(1e40 * x, [x], dtype=torch.float32)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
@pytest.mark.parametrize("at", [40.0, -40.0, 300.0])
def test_small_slopes_keep_their_digits_in_the_compiled_code_too(name, at):
    x = Element(at)
    loss = getattr(x, name)()
    loss.backward()
    f = compile_graph(loss, [x])
    f()
    assert math.isclose(f.gradient.item(), x.grad, rel_tol=1e-13)


def test_theta_set_by_hand_is_copied_in():
    x = Element(2.0)
    f = compile_graph(x * x, [x])
    f.theta = [3.0]
    assert f() == 9.0
    with pytest.raises(ShapeError, match=r"theta must be \(1,\)"):
        f.theta = torch.ones(2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (lambda w, x: (w * x, [w * 2]), "parameter 0 must be a leaf"),
        (lambda w, x: (w * x, [w], [x, w * 2]), "input 1 must be a leaf"),
        (lambda w, x: (w * x, [w], [w]), "input 'w' comes twice"),
        (lambda w, x: (w * x, [w], [Element(1.0, "stranger")]), "does not depend on 'stranger'"),
        (lambda w, x: (w * x, [Element(1.0, "other")]), "belong to another graph"),
        (lambda w, x: (w * x, []), "at least one parameter"),
        (lambda w, _: (3.0, [w]), "loss must be an Element"),
        (lambda w, x: (w * x, [w, 2.0]), "parameter 1 must be an Element"),
        (lambda w, x: (w * x, w), "parameters must be a list of Elements, got Element"),
        (lambda w, x: (w * x, [w], x), "inputs must be a list of Elements, got Element"),
        (lambda w, x: (w * x, None), "parameters must be a list of Elements, got NoneType"),
    ],
)
def test_what_is_no_task_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        compile_graph(*arguments(*leaves("w", "x")))


@pytest.mark.parametrize(("setting", "value"), [("reduction", "max"), ("dtype", torch.int64)])
def test_settings_are_checked(setting, value):
    (w,) = leaves("w")
    with pytest.raises(InputError, match=setting):
        compile_graph(w * 2, [w], **{setting: value})


def test_elements_of_elements_are_refused():
    w = Element(Element(1.0))
    with pytest.raises(GraphError, match="plain numbers"):
        compile_graph(w * 2, [w])


@pytest.mark.parametrize("batch", [[[1.0]], [1.0, 2.0], [], None])
def test_a_batch_of_the_wrong_width_names_the_inputs(batch):
    w, x, y = leaves("w", "x", "y")
    f = compile_graph(w * x + y, [w], [x, y])
    with pytest.raises(InputError, match=r"\(m, 2\)"):
        f(batch)


def test_a_graph_without_inputs_takes_no_batch_and_weights_must_fit():
    w, x = leaves("w", "x")
    with pytest.raises(InputError, match="no inputs"):
        compile_graph(w * 2, [w])([[1.0]])
    with pytest.raises(ShapeError, match="weights must be"):
        compile_graph(w * x, [w], [x])([[1.0]], [1.0, 2.0])


def test_compiled_functions_survive_pickling_and_copying_and_do_not_share_memory():
    f = compile_graph(*neuron())
    f.theta.mul_(2)
    for g in (pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
        assert g.source == f.source
        assert g() == f()
        assert torch.equal(g.gradient, f.gradient)
        g.theta.zero_()
        assert f.theta.any()


def test_the_old_name_compiles_too_and_says_what_the_new_one_is():
    w = Element(3.0)
    with pytest.warns(DeprecationWarning, match="compile is compile_graph now") as caught:
        f = interface.compile((w - 1) ** 2, [w], dtype=torch.float32)
    assert caught[0].filename == __file__
    assert (f(), f.dtype) == (4.0, torch.float32)


def test_graphs_of_equal_structure_share_their_code_whatever_their_parameters_are(monkeypatch):
    f = compile_graph(*neuron())
    monkeypatch.setattr(interface, "write_torch", pytest.fail)
    loss, parameters = neuron()
    for p in parameters:
        p.data = 5.0
    loss, parameters = neuron()
    g = compile_graph(loss, parameters)
    assert g.program is f.program


def test_several_sizes_of_batch_take_turns():
    w, x = leaves("w", "x")
    f = compile_graph(w * x, [w], [x])
    for size in (1, 5, 2, 7, 3, 9, 1):
        assert f([[2.0]] * size) == 1.0
    assert f.report.lanes == 9


def test_a_loss_of_numbers_only_has_no_gradient():
    w = Element(1.0)
    f = compile_graph(Element(2.0) + 1 + 0 * w, [w])
    assert (f(), f.gradient.tolist()) == (3.0, [0.0])


def test_a_wide_product_of_scattered_parameters_is_right():
    w = [Element(math.sin(i)) for i in range(600)]
    order = sorted(w, key=lambda p: p.data)
    h = [sum(a * b for a, b in zip(order[k:], order[300 + k :: -1], strict=False)) for k in range(3)]
    loss = sum(x.tanh() for x in h)
    f = compile_graph(loss, w)
    loss.backward()
    assert abs(f() - loss.data) < 1e-12
    assert max(abs(a - p.grad) for a, p in zip(f.gradient.tolist(), w, strict=True)) < 1e-12


def test_compiled_functions_side_by_side_do_not_touch_each_other():
    loss, parameters = neuron()
    f, g = compile_graph(loss, parameters), compile_graph(loss, parameters)
    value, gradient = f(), f.gradient.clone()
    g.theta.fill_(3.0)
    g()
    assert torch.equal(f.gradient, gradient)
    assert f() == value


def test_too_large_a_graph_says_how_large_it_may_be_and_progress_is_told(monkeypatch):
    monkeypatch.setattr(choice, "MOST_CODE_LINES", 50)
    monkeypatch.setattr(choice, "MOST_CALL_GROUPS", 50)
    w = y = Element(0.5)
    for i in range(60):
        # The binary digits of a number come again in no order.
        y = y.sin() + 0.1 if 0x9E3779B97F4A7C15 >> i & 1 else y.tanh()
    told = []
    for backend, counted in (("auto", "97 different lines"), ("torch", "96 groups of like nodes")):
        wanted = f"of 97 nodes comes to {counted}, of which at most 50 can be compiled: compile"
        with pytest.raises(GraphError, match=wanted):
            compile_graph(y, [w], backend=backend, progress=told.append)
    assert told == ["reading the graph", "97 nodes read, 97 left; writing the code"] * 2


def test_what_becomes_a_loop_is_never_too_large(monkeypatch):
    monkeypatch.setattr(choice, "MOST_CODE_LINES", 50)
    w = y = Element(0.5)
    for _ in range(600):
        y = y.sin() + 0.1
    assert math.isclose(compile_graph(y, [w])(), y.data, rel_tol=1e-12)


def test_a_loop_over_a_batch_counts_with_all_its_groups(monkeypatch):
    monkeypatch.setattr(choice, "MOST_CALL_GROUPS", 50)
    w, x = Element(0.5), Element(0.25)

    def loop(steps):
        y = x
        for _ in range(steps):
            y = (w * y).sin()
        return y

    assert compile_graph(loop(25), [w], inputs=[x])([[0.25]]) == pytest.approx(loop(25).data, rel=1e-12)
    with pytest.raises(GraphError, match=r"comes to 52 groups of like nodes, of which at most 50"):
        compile_graph(loop(26), [w], inputs=[x])


def test_a_hand_made_node_counts_as_the_number_that_it_holds():
    a = Element(2.0)
    for op in ("+", "relu", "mine"):
        f = compile_graph(Element(3.0, (a,), op) * a, [a])
        assert (f(), f.gradient.tolist()) == (6.0, [3.0])


@pytest.mark.parametrize("wrong", ["abc", None, object()])
def test_theta_that_is_no_numbers_is_a_sentence(wrong):
    f = compile_graph(Element(2.0) * (w := Element(1.0)), [w])
    with pytest.raises(InputError, match="theta must be numbers"):
        f.theta = wrong


@pytest.mark.parametrize(
    ("compute", "at"),
    [
        (lambda x: where(x > 0, x.log(), x * 2), 0.0),
        (lambda x: where(x < 100, x.exp(), x * 2), 1000.0),
        (lambda x: where(x > 0, 1 / x, x * 2), 0.0),
        (lambda x: where(x > 0, x.sqrt() * x.log(), x * 2), 0.0),
    ],
)
def test_the_gradient_is_safe_where_the_other_side_is_not_finite(compute, at):
    x, y = Element(1.0), Element(1.0)
    for backend in ("torch", "scalar"):
        f = compile_graph(compute(x), [x], backend=backend)
        f.theta.fill_(at)
        assert (f(), f.gradient.item()) == (2 * at, 2.0), backend
        lanes = compile_graph(compute(x * y), [x], [y], backend=backend)
        lanes.theta.fill_(1.0)
        assert lanes([[at], [at]]) == 2 * at
        assert lanes.gradient.item() == 2 * at


def test_the_collector_runs_again_after_a_compilation_and_after_a_refusal():
    a, b = Element(1.0), Element(2.0)
    compile_graph(a * b, [a])
    assert gc.isenabled()
    with pytest.raises(InputError):
        compile_graph(a * b, [Element(3.0)])
    assert gc.isenabled()
    gc.disable()
    try:
        compile_graph(a * b, [a])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_progress_that_cannot_be_called_is_a_sentence():
    a = Element(1.0)
    with pytest.raises(InputError, match="progress must be a function of a line of text"):
        compile_graph(a * a, [a], progress=True)
    with pytest.raises(InputError, match="dtype must be"):
        compile_graph(a * a, [a], dtype=["float64"])


@pytest.mark.parametrize("wrong", ["ab", [["a"]], [[1.0], [1.0, 2.0]], [[None]], object()])
def test_batches_and_weights_that_are_no_numbers_are_sentences(wrong):
    a, b = Element(2.0), Element(3.0)
    f = compile_graph(a * b, [a], [b])
    with pytest.raises(InputError, match="batch must be numbers"):
        f(wrong)
    with pytest.raises(InputError, match="weights must be numbers"):
        f([[1.0]], wrong)
