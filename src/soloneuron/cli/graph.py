"""``soloneuron graph``."""

from __future__ import annotations

import sys
from argparse import Namespace

from soloneuron.cli.expressions import named_numbers
from soloneuron.cli.kinds import GRAPH_KIND
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.element.expressions import draw_expression
from soloneuron.storage.files import write_text


def run_graph(options: Namespace) -> int:
    """Draw an expression."""
    check_outputs(written=[Written("the picture", options.output, GRAPH_KIND)], force=options.force)
    picture = draw_expression(options.expression, named_numbers(options.values))
    if options.output is None:
        sys.stdout.write(picture + "\n")
    write_all(Output(options.output, "graph.svg", lambda place: write_text(place, picture)))
    return 0
