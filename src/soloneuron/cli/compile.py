"""``soloneuron compile``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.expressions import named_numbers
from soloneuron.cli.screen import Screen
from soloneuron.compiler import compile_graph
from soloneuron.element.expressions import parse_expression
from soloneuron.element.node import topological_order
from soloneuron.errors import InputError


def run_compile(options: Namespace) -> int:
    """Compile an expression; its names are the parameters."""
    numbers = named_numbers(options.values)
    result = parse_expression(options.expression, numbers)
    leaves = {leaf.label: leaf for leaf in topological_order(result)[1] if leaf.label is not None}
    if not leaves:
        raise InputError(
            f"{options.expression!r} has no names: there is nothing to differentiate by", code="compile.names"
        )
    function = compile_graph(result, [leaves[name] for name in numbers], backend=options.backend)
    screen = Screen(options.lang)
    value = function()
    if options.show:
        screen.say(function.source, whole=True)
    screen.say(f"{screen.word('value')}: {value:.6g}")
    for name, slope in zip(numbers, function.gradient.tolist(), strict=True):
        screen.say(f"{screen.word('gradient')} {name}: {slope:.6g}")
    report = function.report
    screen.say(
        screen.word(f"compiled_{report.backend}", nodes=report.nodes, calls=report.calls, bytes=report.bytes)
    )
    return 0
