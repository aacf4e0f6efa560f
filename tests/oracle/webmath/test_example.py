"""The drawer's graph of one example: a sigma, a p, and the gradients of automatic differentiation."""

import math
import re
from collections import Counter

import pytest
import torch

from soloneuron.formulas.losses import as_loss
from soloneuron.view.losses import page_losses

PLACES = [
    ((1.0, 2.0), 1, (0.5, -0.5, 0.1)),
    ((-1.5, 0.25), 0, (2.0, 1.0, -3.0)),
    ((3.0, 1.0), 1, (-4.0, -2.0, 0.0)),
    ((3.0, 1.0, 9.0, math.sin(1.0)), 1, (-4.0, -2.0, 0.5, 1.5, 0.25)),
]
FAR = ((10.0, 10.0), 0, (6.0, 6.0, 0.0))
OF_MARGIN = ("hinge", "squared_hinge", "exponential")


def asked(page, loss, place, *, bias=True):
    x, y, theta = place
    exact = [torch.tensor(numbers, dtype=torch.float64) for numbers in (x, theta[: len(x) + bias])]
    question = {"loss": loss, "x": exact[0], "y": y, "bias": bias, "theta": exact[1]}
    return page.ask("detail", question)


@pytest.mark.parametrize("loss", page_losses())
@pytest.mark.parametrize("bias", [False, True])
def test_the_gradient_of_the_example_is_that_of_automatic_differentiation(page, loss, bias):
    for place in PLACES:
        x, y, theta = place
        found = asked(page, loss, place, bias=bias)["example"]
        weights = torch.tensor(theta[: len(x) + bias], dtype=torch.float64, requires_grad=True)
        row = torch.tensor([*x, *[1.0] * bias], dtype=torch.float64)
        with torch.enable_grad():
            as_loss(loss).value(row @ weights, torch.tensor(float(y), dtype=torch.float64)).backward()
        torch.testing.assert_close(
            torch.tensor(found, dtype=torch.float64), weights.grad, rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("loss", page_losses())
def test_every_box_is_filled_forwards_and_every_weight_backwards(page, loss):
    told = asked(page, loss, PLACES[0])
    texts = [[value, ""] for _, value in told["nodes"]]
    for stage in told["stages"]:
        for node, place, text in stage["fill"]:
            texts[node][place] = text
    names = [name for name, _ in told["nodes"]]
    assert all(value not in ("", "?") for value, _ in texts)
    assert all(texts[names.index(name)][1] for name in ("w₁", "w₂", "b", "x₁", "x₂"))
    middle = "m" if loss in OF_MARGIN else "p"
    assert middle in names
    assert told["svg"].count("<g ") == len(names)
    assert told["svg"].count("<path") == sum(map(len, EDGES[middle].values()))
    assert (">σ<" in told["svg"]) == (middle == "p")


EDGES = {
    "p": {"products": "wxwx", "z": "**b", "p": "z", "loss": "py"},
    "m": {"products": "wxwx", "z": "**b", "m": "zy", "loss": "m"},
}


def test_the_numbers_of_the_lesson_stand_in_the_graph(page):
    told = asked(page, "nll", ((1.0, 2.0), 1, (0.0, 0.0)), bias=False)
    said = {stage["fields"]["name"]: stage for stage in told["stages"] if stage["say"] == "passed"}
    assert said["loss"]["parts"] == [{"name": "p", "partial": "-2", "gradient": "-2"}]
    assert said["p"]["parts"] == [{"name": "z", "partial": "0.25", "gradient": "-0.5"}]
    assert told["example"] == [-0.5, -1.0]
    assert told["names"] == ["w₁", "w₂"]


@pytest.mark.parametrize("loss", page_losses())
@pytest.mark.parametrize("bias", [False, True])
def test_operands_are_filled_before_what_is_computed_of_them_and_gradients_go_the_other_way(page, loss, bias):
    told = asked(page, loss, PLACES[0], bias=bias)
    names = [name or "(×)" for name, _ in told["nodes"]]
    computed = [stage for stage in told["stages"] if stage["say"] == "computed"]
    seed, *passed = told["stages"][len(computed) :]
    filled = {i for i, (_, value) in enumerate(told["nodes"]) if value != "?"}
    assert {names[i] for i in filled} == {"w₁", "w₂", "x₁", "x₂", "y", *["b"] * bias}
    operands = {}
    for stage in computed:
        node, asked_of = stage["node"], Counter(stage["fields"]["from"].split(", "))
        assert asked_of <= Counter(names[i] for i in filled)
        assert stage["fill"] == [[node, 0, stage["fields"]["value"]]]
        operands[node] = asked_of
        filled.add(node)
    assert filled == set(range(len(names)))
    last = computed[-1]["node"]
    assert (seed["say"], seed["node"], seed["fill"]) == ("seed", last, [[last, 1, "1"]])
    assert [stage["node"] for stage in passed] == [stage["node"] for stage in computed][::-1]
    have = {last}
    for stage in passed:
        assert stage["node"] in have
        to = [node for node, _, _ in stage["fill"]]
        assert not have & set(to)
        # What is given and no weight or feature, the label, gets no gradient.
        assert Counter(names[i] for i in to) == operands[stage["node"]] - Counter("y")
        have.update(to)
    assert have == set(range(len(names))) - {names.index("y")}


def test_marked_lines_say_what_the_stage_says_and_pass_gradients_on_after_they_are_computed(page):
    for loss in page_losses():
        told = asked(page, loss, PLACES[0])
        lines, names = told["source"].splitlines(), [name or "(×)" for name, _ in told["nodes"]]
        marked = {(stage["say"], names[stage["node"]]): stage["lines"] for stage in told["stages"]}
        starts = {
            key: [lines[line].split(" =")[0].split()[0].rstrip(",") for line in places]
            for key, places in marked.items()
        }
        middle = "m" if loss in OF_MARGIN else "p"
        assert marked.pop(("seed", "loss")) == []
        assert starts["computed", "z"] == starts["computed", "(×)"] == ["logits"], loss
        assert starts["computed", middle] == [{"m": "margin", "p": "p"}[middle]], loss
        assert starts["computed", "loss"] == ["return", "value"], loss
        assert starts["passed", "loss"] == starts["passed", middle] == ["slope"], loss
        assert starts["passed", "z"] == starts["passed", "(×)"] == ["g"], loss
        (inside,) = [place for place, line in enumerate(lines) if line.startswith("for t in")]
        assert marked["computed", middle][0] < marked["passed", middle][0] < inside, loss
        assert (
            inside < marked["computed", "z"][0] < marked["passed", "z"][0] < marked["computed", "loss"][1]
        ), loss


@pytest.mark.parametrize("loss", page_losses())
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("place", [*PLACES, FAR, ((-123456.789, 1e-9), 1, (-1.2345e-8, 1e6, 0.1))], ids=str)
def test_every_box_lies_in_the_picture_and_has_room_for_what_is_written_into_it(page, loss, bias, place):
    told = asked(page, loss, place, bias=bias)
    width, height = (float(size) for size in re.search(r'width="(\d+)" height="(\d+)"', told["svg"]).groups())
    boxes = re.findall(
        r'class="box" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"', told["svg"]
    )
    assert len(boxes) == len(told["nodes"])
    boxes = [[float(size) for size in box] for box in boxes]
    for left, top, wide, high in boxes:
        assert left > 0 <= top
        assert left + wide < width
        assert top + high < height
    texts = [(i, 0, value) for i, (_, value) in enumerate(told["nodes"])]
    for node, kind, text in [*texts, *(fill for stage in told["stages"] for fill in stage["fill"])]:
        name = told["nodes"][node][0]
        written = f"∂ {text}" if kind else f"{name} = {text}" if name else text
        # A letter of this picture is 7.4 pixels wide, and there are eight at each side.
        assert len(written) * 7.4 + 16 <= boxes[node][2] + 0.1


def test_no_sentence_of_a_stage_lacks_a_number(page):
    for loss in page_losses():
        told = asked(page, loss, PLACES[1])
        for language, sentences in told["said"].items():
            assert len(sentences) == len(told["stages"])
            assert not [one for one in sentences if re.search(r"–|undefined|NaN|inside\.|\{", one)], language


def test_a_saturated_neuron_keeps_its_gradient_where_p_has_rounded_to_one(page):
    told = asked(page, "nll", FAR)
    assert told["example"] == [10.0, 10.0, 1.0]
    assert dict(told["nodes"])["p"] == "?"
    told = asked(page, "mse", ((100.0, 100.0), 0, (600.0, 600.0, 0.0)))
    assert told["example"] == [0.0, 0.0, 0.0]


def test_one_number_of_a_rule_stands_for_all_coordinates(page):
    (line,) = asked(page, "nll", PLACES[0])["rule"]
    assert line["value"] == [0.5, 0.5, 0.5]
    assert line["filled"] == ["", "0.3 · 2", ""]


def test_the_derivative_in_p_is_exact_where_p_has_rounded_to_one(page):
    sums = [-700.0, -40.0, -3.0, 0.0, 3.0, 40.0, 700.0]
    sure = [1 + math.exp(-abs(z)) for z in sums]
    wrong = [1 + math.exp(abs(z)) for z in sums]
    nll = [lost if z > 0 else kept for z, kept, lost in zip(sums, sure, wrong, strict=True)]
    assert page.ask("behind", {"loss": "nll", "z": sums, "y": 0}) == pytest.approx(nll)
    assert page.ask("behind", {"loss": "nll", "z": sums, "y": 1}) == pytest.approx(
        [-one for one in nll[::-1]]
    )
    mse = [2 / (1 + math.exp(-z)) for z in sums]
    assert page.ask("behind", {"loss": "mse", "z": sums, "y": 0}) == pytest.approx(mse)
