"""Loops stay loops: the text of a repeated graph does not grow with its repetitions; its numbers agree."""

import itertools
import math

import pytest

from soloneuron import Element, compile_graph


def elements(count):
    return [Element(0.6 * math.sin(1.7 * i + 1) + 0.1, f"w{i}") for i in range(count)]


def weighted(row, xs, bias):
    return sum((w * x for w, x in zip(row, xs, strict=True)), bias)


def layer(own, width, xs):
    rows = [own[i * (width + 1) : (i + 1) * (width + 1)] for i in range(width)]
    return [weighted(row[:-1], xs, row[-1]) for row in rows]


def pendulum(steps):
    own = elements(3)
    angle, speed = own[:2]
    for _ in range(steps):
        speed = speed - 0.01 * 9.81 / own[2] * angle.sin()
        angle = angle + 0.01 * speed
    return angle * angle, own


def recurrent(steps, width=3):
    """The last state alone is judged."""
    own = elements(width * (width + 1))
    h = [0.0] * width
    for t in range(steps):
        h = [(z + math.sin(0.3 * t)).tanh() for z in layer(own, width, h)]
    return sum(x * x for x in h), own


def judged(steps, width=2):
    """Every state is judged, as in a sequence of targets."""
    own = elements(width * (width + 1))
    h, loss = [0.1] * width, 0.0
    for t in range(steps):
        h = [z.tanh() for z in layer(own, width, h)]
        loss = loss + (h[0] - math.cos(0.2 * t)) ** 2
    return loss / steps, own


def lstm(steps, width=2):
    own = elements(4 * width * (width + 1))
    gates = [own[i : i + width * (width + 1)] for i in range(0, len(own), width * (width + 1))]
    h, c = [0.1] * width, [0.0] * width
    for _ in range(steps):
        forget, write, read, new = (layer(gate, width, h) for gate in gates)
        c = [
            f.sigmoid() * x + i.sigmoid() * g.tanh() for f, x, i, g in zip(forget, c, write, new, strict=True)
        ]
        h = [o.sigmoid() * x.tanh() for o, x in zip(read, c, strict=True)]
    return sum(h), own


def kalman(steps):
    own = [Element(0.1, "q"), Element(0.2, "r")]
    x, p, loss = 0.0, 1.0, 0.0
    for t in range(steps):
        p = p + own[0]
        s = p + own[1]
        error = math.sin(0.4 * t) - x
        loss = loss + s.log() + error * error / s
        x, p = x + p / s * error, p - p * p / s
    return loss, own


def power_iteration(steps, width=3):
    own = elements(width * width)
    rows = [own[i : i + width] for i in range(0, len(own), width)]
    v = [1.0] * width
    for _ in range(steps):
        u = [weighted(row, v, 0.0) for row in rows]
        norm = sum(x * x for x in u).sqrt()
        v = [x / norm for x in u]
    return sum(x * y for x, y in zip(v, own[:width], strict=True)), own


def divisions(steps):
    """Parameters come again with another period than the chain."""
    own = elements(2)
    y = own[0]
    for i in range(steps):
        y = own[i % 2] / (y + 2.5)
    return y, own


def gathered(steps):
    """Parameters come again in no order."""
    own = elements(7)
    y = own[0]
    for i in range(steps):
        y = own[i * i * 7919 % 104729 % 7] / (y + 2.5)
    return y, own


def controls(steps):
    """A parameter a step."""
    own = elements(steps + 1)
    x, loss = own[0], 0.0
    for u in own[1:]:
        x = x + 0.1 * (u - x.tanh())
        loss = loss + x * x
    return loss, own


def fitted(samples):
    """No recurrence at all: the same work for every sample."""
    own = elements(4)
    loss = 0.0
    for i in range(samples):
        z = (own[0] * math.sin(i + 1) + own[1] * math.cos(i + 1) + own[2]).tanh()
        loss = loss + (own[3] * z - math.sin(2 * i + 1)) ** 2
    return loss, own


def two_back(steps):
    own = elements(2)
    before, now = own
    for _ in range(steps):
        before, now = now, (0.4 * before + 0.5 * now).tanh()
    return before * now, own


GRAPHS = [
    pendulum,
    recurrent,
    judged,
    lstm,
    kalman,
    power_iteration,
    divisions,
    gathered,
    controls,
    fitted,
    two_back,
]


def lines(f):
    return f.source.count("\n")


def agrees(f, loss, own, tolerance=1e-12):
    loss.backward()
    for _ in range(2):
        assert math.isclose(f(), loss.data, rel_tol=tolerance, abs_tol=tolerance)
        largest = max(abs(p.grad) for p in own)
        for slope, p in zip(f.gradient.tolist(), own, strict=True):
            assert abs(slope - p.grad) <= tolerance * max(1.0, largest)


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
def test_scalar_text_has_as_many_lines_for_20_repetitions_as_for_60(make):
    functions = []
    for count in (20, 60):
        loss, own = make(count)
        f = compile_graph(loss, own, backend="scalar")
        agrees(f, loss, own)
        assert "\n    for " in f.source.partition("# backward")[0]
        assert "\n    for " in f.source.partition("# backward")[2]
        functions.append(f)
    assert lines(functions[0]) == lines(functions[1])


@pytest.mark.parametrize(
    "make", [recurrent, judged, power_iteration, two_back], ids=lambda make: make.__name__
)
def test_torch_text_has_as_many_lines_for_20_repetitions_as_for_30(make):
    counts = []
    for count in (20, 30):
        loss, own = make(count)
        f = compile_graph(loss, own, backend="torch")
        agrees(f, loss, own)
        assert "        for " in f.source.partition("# backward")[0]
        assert "        for " in f.source.partition("# backward")[2]
        counts.append(lines(f))
    assert counts[0] == counts[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [m for m in GRAPHS if m not in (kalman, gathered)], ids=lambda make: make.__name__
)
def test_torch_text_does_not_grow_from_20_to_200_repetitions(make):
    counts = []
    for count in (20, 200):
        loss, own = make(count)
        f = compile_graph(loss, own, backend="torch")
        agrees(f, loss, own, 1e-11)
        counts.append(lines(f))
    assert counts[0] == counts[1]


def test_loops_of_torch_run_on_batches():
    own, x = elements(6), Element(0.3, "x")
    h = [x, x * 0.5]
    for _ in range(20):
        h = [z.tanh() for z in layer(own, 2, h)]
    loss = (h[0] - x) ** 2 + h[1]
    f = compile_graph(loss, own, [x], backend="torch")
    g = compile_graph(loss, own, [x], backend="scalar")
    rows = [[0.3], [-1.0], [2.0]]
    for _ in range(2):
        assert "        for " in f.source
        assert math.isclose(f(rows), g(rows), rel_tol=1e-12)
        assert f.gradient.tolist() == pytest.approx(g.gradient.tolist(), rel=1e-11)
    assert math.isclose(f(rows[:2]), g(rows[:2]), rel_tol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
def test_scalar_text_does_not_grow_from_20_to_200_to_2000_repetitions(make):
    counts = []
    for count in (20, 200, 2000):
        loss, own = make(count)
        f = compile_graph(loss, own, backend="scalar")
        agrees(f, loss, own, 1e-11)
        counts.append(lines(f))
    assert len(set(counts)) == 1


def test_numbers_that_floats_refuse_are_total_in_loops_too():
    own = [Element(1.0), Element(2.0)]
    y = own[0]
    for _ in range(40):
        y = own[1] / y
    f = compile_graph(y, own, backend="scalar")
    assert "for " in f.source
    f.theta[0] = 0.0
    g = compile_graph(y, own, backend="torch")
    g.theta[0] = 0.0
    for h in (f, g):
        assert [h(), *h.gradient.tolist()] == pytest.approx([f(), *f.gradient.tolist()], nan_ok=True)


def test_a_loop_may_leave_its_values_as_outputs():
    loss, own = pendulum(30)
    states = [loss]
    x = own[0]
    for _ in range(30):
        x = x - 0.1 * x.sin()
        states.append(x)
    f = compile_graph(loss + x, own, outputs=states, backend="scalar")
    f()
    assert f.outputs.tolist() == pytest.approx([s.data for s in states], rel=1e-12)
    assert "for " in f.source


def test_a_batch_runs_through_loops_a_sample_after_the_other():
    own, x = elements(2), Element(0.3, "x")
    y = x
    for _ in range(25):
        y = (own[0] * y + own[1]).tanh()
    f = compile_graph((y - x) ** 2, own, [x], backend="scalar")
    g = compile_graph((y - x) ** 2, own, [x], backend="torch")
    rows = [[0.3], [-1.0], [2.0]]
    assert "for " in f.source
    assert math.isclose(f(rows), g(rows), rel_tol=1e-12)
    assert f.gradient.tolist() == pytest.approx(g.gradient.tolist(), rel=1e-11)


def test_the_names_of_the_user_stand_in_loops():
    own = [Element(0.3, "state"), Element(0.5, "zip"), Element(0.1, "range")]
    y = own[0]
    for _ in itertools.repeat(None, 30):
        y = (y * own[1] + own[2]).tanh()
        y.label = "state"
    loss = y * y
    f = compile_graph(loss, own, backend="scalar")
    agrees(f, loss, own)
    assert "zip_" in f.source
    assert "state" in f.source


@pytest.mark.parametrize("names", [("w", "d_w", "w1"), ("kept", "table1", "gradient"), ("k", "sum1", "d_k")])
def test_labels_like_the_names_of_loops_do_not_mix_them_up(names):
    own = [Element(0.3 + 0.2 * i, name) for i, name in enumerate(names)]
    y = own[0]
    for i in range(40):
        y = (y * own[i % 3] + own[(i + 1) % 3] * math.sin(i)).tanh()
    f = compile_graph(y * y, own, backend="scalar")
    agrees(f, y * y, own)
    assert "for " in f.source


def test_a_long_theta_is_read_and_returned_in_slices():
    own = elements(300)
    x, loss = own[0], 0.0
    for u, v in zip(own[1:150], own[150:299], strict=True):
        x = (x * u + v).tanh()
        loss = loss + x * x
    f = compile_graph(loss * own[299], own, backend="scalar")
    agrees(f, loss * own[299], own)
    assert len(f.source) < 4000


@pytest.mark.stress
def test_a_million_nodes_compile():
    loss, own = pendulum(166_000)
    told = []
    f = compile_graph(loss, own, progress=told.append)
    assert f.report.nodes > 990_000
    assert told
    assert math.isclose(f(), loss.data, rel_tol=1e-9)
