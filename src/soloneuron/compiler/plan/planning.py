"""From a graph to its plan: groups, their places, the calls of both sweeps, and the passes over them."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.graph.normal import Graph
from soloneuron.compiler.plan.calls import CallPlan, Whole
from soloneuron.compiler.plan.first_writes import choose_verbs
from soloneuron.compiler.plan.fusion import fuse_calls
from soloneuron.compiler.plan.gradients import Gradients
from soloneuron.compiler.plan.layout import MemoryLayout
from soloneuron.compiler.plan.operands import Operands
from soloneuron.compiler.plan.product_gradients import WEIGHT_FLAT
from soloneuron.compiler.plan.rolling import roll_calls
from soloneuron.compiler.plan.schedule import Group, backward_order, schedule
from soloneuron.compiler.plan.scratch import share_scratch
from soloneuron.compiler.plan.values import write_values


def plan_calls(graph: Graph, most: float) -> tuple[CallPlan, list[Group], MemoryLayout]:
    """The plan of a graph, in one pass forward and one back.

    Args:
        graph: the graph.
        most: the largest number of the precision that will compute.

    Returns:
        The plan, the groups it is about, and where they lie.
    """
    groups = schedule(graph)
    layout = MemoryLayout(graph, groups)
    operands = Operands(graph, groups, layout, most)
    number = {id(group): i for i, group in enumerate(groups)}
    for group in groups:
        operands.group = number[id(group)]
        write_values(operands, group)
    operands.group = -1
    if graph.varying[graph.root]:
        # A sample's loss is one number a lane; the weights make a mean, or a sum, of them.
        value = operands.read(np.array([graph.root]), True)
        operands.call(
            "dot({0}, {1}, out={o})",
            Whole("loss"),
            operands.flat(value),
            WEIGHT_FLAT,
            note="the mean or sum over the lanes",
        )
    operands.back = True
    gradients = Gradients(operands)
    # Numbers known beforehand may leave the range; then they are infinite, as in every run.
    with np.errstate(over="ignore", invalid="ignore"):
        for group in backward_order(graph, groups):
            operands.group = number[id(group)]
            gradients.write(group)
        operands.group = -1
        gradients.finish()
    plan = choose_verbs(fuse_calls(operands.plan), gradients.slopes.first, layout)
    return share_scratch(roll_calls(plan)), groups, layout
