"""What decides the lines of a rule is found by asking it; what cannot be translated is refused by name."""

import ast

import pytest

from soloneuron.optimizers import AdaBelief, Adam, BarzilaiBorwein, Momentum, Optimizer, RMSProp
from soloneuron.optimizers.formula import PaperLine
from soloneuron.optimizers.settings import number
from soloneuron.webmath.body import Body
from soloneuron.webmath.expression import printed
from soloneuron.webmath.statements import module_source
from soloneuron.webmath.structure import kept_of, lines_of, structure_of


def test_names_with_options_and_numbers_at_0_decide_the_lines():
    assert structure_of(Adam).names == ("variant",)
    assert structure_of(Momentum).names == ("dampening",)
    assert set(structure_of(RMSProp).names) == {"variant", "centered", "momentum"}
    assert len(structure_of(RMSProp).cases) == 8


def test_every_case_has_lines_of_its_own():
    for kind in (Adam, AdaBelief, RMSProp):
        lines = [rule.paper(1) for _, rule in structure_of(kind).cases]
        assert len(set(lines)) == len(lines)


class Turning(Optimizer):
    slow = number(0.5, "[0, 1]")

    def paper(self, t):
        return ("step = rate * g" if t == 1 else "step = rate * slow * g", "theta = theta - step")


class Silent(Optimizer):
    pass


def test_lines_that_python_chooses_by_t_are_refused():
    with pytest.raises(ValueError, match="must hold for every t"):
        lines_of(Turning())
    with pytest.raises(ValueError, match="must declare its formula"):
        lines_of(Silent())


def test_what_a_formula_cannot_say_is_refused_by_its_words():
    with pytest.raises(ValueError, match=r"'g @ m'"):
        printed(ast.parse("g @ m", mode="eval").body, str)
    with pytest.raises(ValueError, match="for x in y"):
        list(
            module_source(ast.parse("def f(x: float) -> float:\n    for x in y:\n        pass\n    return x"))
        )


def test_numbers_are_computed_before_the_loop_and_old_values_stay_known():
    lines = lines_of(Adam())
    body = Body(lines.after, ("m", "v"), ())
    (stage,) = body.stages
    assert [name for name, _ in stage.numbers] == ["$0", "$1", "$2", "$3"]
    assert body.last["m"] == "$m"
    assert body.settings == {"beta1", "beta2", "epsilon"}


def test_what_a_sum_is_needed_for_waits_for_its_loop():
    rule = BarzilaiBorwein()
    body = Body(lines_of(rule).after, *kept_of(rule))
    first, second = body.stages
    assert {name for name, _, _ in first.sums} == {"$a", "$b"}
    assert [name for name, _ in second.numbers] == ["$size"]
    assert "$step" in {name for name, _ in second.lines}


def test_a_sum_within_a_line_of_coordinates_is_refused():
    line = PaperLine("step", ast.parse("g / norm(g)", mode="eval").body)
    with pytest.raises(ValueError, match="a line of its own"):
        Body([line], (), ())


def test_a_slot_that_the_code_would_shadow_is_refused():
    with pytest.raises(ValueError, match="width"):
        Body([], ("width",), ())
