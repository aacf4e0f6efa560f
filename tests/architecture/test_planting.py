"""A mistake is planted where it is meant, however the source is laid out, or not at all."""

import ast

import pytest

from planting import planted

SOURCE = """
class Rule:
    def step(self, theta, g, rate):
        v = theta  # as it was
        if rate > 1 and g is not None:
            theta.sub_(
                g, alpha=rate,
            )
        else:
            theta.add_(v)
        return theta

    def other(self, theta, g, rate):
        theta.sub_(g, alpha=rate)
"""


def changed(pattern, replacement, scope="Rule.step"):
    """The lines that are new in a source with a mistake."""
    before = ast.unparse(ast.parse(SOURCE)).splitlines()
    return [
        line.strip()
        for line in ast.unparse(planted(SOURCE, scope, pattern, replacement)).splitlines()
        if line not in before
    ]


@pytest.mark.parametrize(
    ("pattern", "replacement", "lines"),
    [
        ("_x.sub_(_g, alpha=_r)", "_x.sub_(_g, alpha=-_r)", ["theta.sub_(g, alpha=-rate)"]),
        ("theta.sub_(_g, alpha=_r)", "theta = theta.sub(_g, alpha=_r)", ["theta = theta.sub(g, alpha=rate)"]),
        ("_rate > 1 and _rest", "_rest", ["if g is not None:"]),
        ("_v = _x\n", "_v = _x.clone()\n", ["v = theta.clone()"]),
        ("_x.add_(_v)", "pass", ["pass"]),
    ],
)
def test_code_of_a_form_is_replaced_whatever_its_names_and_its_layout(pattern, replacement, lines):
    assert changed(pattern, replacement) == lines


def test_statements_that_follow_each_other_change_places():
    one, two = "_v = _x", "if _test:\n    _a\nelse:\n    _b"
    lines = ast.unparse(planted(SOURCE, "Rule.step", f"{one}\n{two}", f"{two}\n{one}")).splitlines()
    before = ast.unparse(ast.parse(SOURCE)).splitlines()
    place = before.index("        v = theta")
    assert lines == [*before[:place], *before[place + 1 : place + 5], before[place], *before[place + 5 :]]


@pytest.mark.parametrize(
    ("pattern", "scope"),
    [("_x.sub_(_g, alpha=_x)", "Rule.step"), ("_x.sub_(_g, alpha=_r)", "Rule"), ("a", "Rule")],
)
def test_a_mistake_that_fits_nowhere_or_in_two_places_is_refused(pattern, scope):
    with pytest.raises(LookupError, match="must have one"):
        planted(SOURCE, scope, pattern, "pass")
