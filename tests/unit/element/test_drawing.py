"""Pictures: well formed, complete, readable, and changing nothing."""

import math
from html import escape
from itertools import combinations
from xml.etree import ElementTree as Xml

import pytest

from soloneuron.element import Element, backward_steps, dot, draw, total
from soloneuron.element.drawing import BOX_HEIGHT, LIT
from soloneuron.element.layers import MLP
from soloneuron.element.layout import arrange
from soloneuron.errors import GraphError

SVG = "{http://www.w3.org/2000/svg}"


def assignment():
    a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
    return (a + b * c).relu()


def texts(svg):
    return [text.text for text in Xml.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg):
    """The boxes of the nodes as (left, top, width)."""
    return [
        tuple(float(rect.get(key)) for key in ("x", "y", "width"))
        for rect in Xml.fromstring(svg).iter(f"{SVG}rect")
        if rect.get("height") == str(BOX_HEIGHT)
    ]


def test_a_picture_shows_every_value_gradient_label_and_operation():
    e = assignment()
    e.backward()
    shown = texts(draw(e).svg)
    assert sorted(shown) == sorted(
        ["a = 2", "b = 3", "c = 10", "30", "32", "32", "+", "*", "relu"]
        + [f"grad {g}" for g in (1, 10, 3, 1, 1, 1)]
    )


def test_jupyter_is_given_the_svg():
    drawing = draw(assignment())
    assert drawing._repr_svg_() == drawing.svg


def test_results_stand_right_of_their_operands_and_boxes_do_not_overlap():
    x = [Element(i, f"x{i}") for i in range(4)]
    left = dot(x, x[::-1]).tanh() + x[0]
    svg = draw(left * total([*x, left]) - 1 / (x[1] + 2)).svg
    places = boxes(svg)
    for (x0, y0, w0), (x1, y1, w1) in combinations(places, 2):
        apart = x0 + w0 <= x1 or x1 + w1 <= x0 or abs(y0 - y1) >= BOX_HEIGHT
        assert apart
    width, height = (float(Xml.fromstring(svg).get(side)) for side in ("width", "height"))
    assert all(
        x0 >= 0 and y0 >= 0 and x0 + w0 <= width and y0 + BOX_HEIGHT <= height for x0, y0, w0 in places
    )


def test_an_operand_used_twice_has_two_edges():
    x = Element(3)
    assert len(list(Xml.fromstring(draw(x * x).svg).iter(f"{SVG}path"))) == 2
    assert draw(x * x).dot.count("n0 -> op1") == 2


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda x: x - 2, "- 2"),
        (lambda x: 2 - x, "2 -"),
        (lambda x: 3 / x, "3 /"),
        (lambda x: x**2, "** 2"),
        (lambda x: -x, "-"),
        (lambda x: x.leaky_relu(0.1), "leaky_relu 0.1"),
        (lambda x: dot([x], [2]), "dot"),
    ],
)
def test_a_number_in_an_operation_is_shown_on_the_side_where_it_stood(compute, text):
    assert text in texts(draw(compute(Element(5.0))).svg)


def test_labels_cannot_break_out_of_the_picture():
    label = '</text><script>alert("x")</script>\\"'
    drawing = draw(Element(1, label).exp())
    assert f"{label} = 1" in texts(drawing.svg)
    assert escape(label) in drawing.svg
    assert '\\"x\\"' in drawing.dot
    assert "<script>" not in drawing.svg


def test_the_sweep_is_drawn_step_by_step_and_leaves_the_graph_alone():
    e = assignment()
    steps = list(backward_steps(e))
    assert len(steps) == 4
    gradients = [[text for text in texts(step.svg) if text.startswith("grad")] for step in steps]
    assert gradients[0].count("grad 0") == 5
    assert gradients[1].count("grad 0") == 4
    assert gradients[3].count("grad 0") == 0
    assert all(step.svg.count(LIT) == 1 for step in steps)
    assert all(leaf.grad == 0 for leaf in (e, *e._prev))


def test_a_picture_that_nobody_could_read_is_refused():
    x = end = Element(1)
    for _ in range(400):
        end = end + x
    with pytest.raises(GraphError, match="at most 300 nodes, this graph has 401"):
        next(backward_steps(end))


def test_a_larger_graph_is_drawn_by_its_layers():
    network = MLP(2, [8, 8, 1], seed=1)
    loss = sum((1 - network([0.1 * i, -0.2 * i])[0]).relu() for i in range(20))
    loss.backward()
    shown = texts(draw(loss).svg)
    operations = [text for text in shown if text in {"relu", "dot"} or (" " in text and "grad" not in text)]
    counts = [text.partition(" × ")[0] for text in shown if " × " in text]
    assert counts == ["145", "160", "160", "160", "160", "40", "20", "20"]
    assert "relu" in operations
    norm = math.sqrt(sum(p.grad**2 for p in network.parameters()))
    leaves = next(text for text in shown if text.startswith("|grad|"))
    assert math.isclose(float(leaves.split()[1]), norm, rel_tol=1e-3)


@pytest.mark.parametrize("steps", [150, 1000])
def test_a_long_recurrence_is_drawn_in_bands_that_can_be_read(steps):
    a = Element(1.0, "a")
    end = a
    for _ in range(steps):
        end = (end + 0.01).sin()
    assert 8 <= len(boxes(draw(end).svg)) <= 12


def test_the_largest_picture_is_drawn():
    x = end = Element(1)
    for _ in range(299):
        end = end + x
    assert len(boxes(draw(end).svg)) == 300


def test_a_nested_element_is_drawn_by_its_number():
    assert "grad 0" in texts(draw(Element(Element(2.5)) * 2).svg)


def test_edges_that_need_not_cross_do_not_cross():
    # Two separate chains that meet only in the last node; the leaves are numbered crosswise.
    layout = arrange(7, [(0, 4), (1, 5), (2, 4), (3, 5), (4, 6), (5, 6)])
    top = [layout.heights[i] for i in (0, 2)]
    low = [layout.heights[i] for i in (1, 3)]
    assert max(top) < min(low) or max(low) < min(top)
    assert layout.columns == (0, 0, 0, 0, 1, 1, 2)


def test_a_long_edge_has_a_waypoint_in_every_column_and_a_leaf_stands_near_its_use():
    layout = arrange(5, [(0, 2), (2, 3), (3, 4), (0, 4), (1, 4)])
    assert [point[0] for point in layout.routes[3]] == [0, 1, 2, 3]
    assert layout.columns[1] == 2
