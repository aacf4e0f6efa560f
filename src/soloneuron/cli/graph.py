"""``soloneuron graph``."""

from __future__ import annotations

import sys
from argparse import Namespace

from soloneuron.cli.expressions import named_numbers
from soloneuron.element.expressions import draw_expression
from soloneuron.storage.files import check_writable, write_text


def run_graph(options: Namespace) -> int:
    """Draw an expression."""
    if options.output is not None:
        check_writable(options.output)
    picture = draw_expression(options.expression, named_numbers(options.values))
    if options.output is None:
        sys.stdout.write(picture + "\n")
    else:
        write_text(options.output, picture)
    return 0
