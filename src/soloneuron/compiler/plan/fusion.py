"""Fusion: a call whose result only the next one reads becomes part of it.

A reciprocal that is multiplied right away is a quotient. A sign that is turned right before a product is the
sign of the product. Both spare a call, and the quotient a rounding.
"""

from __future__ import annotations

from dataclasses import replace

from soloneuron.compiler.plan.calls import CallPlan, Scratch, TorchCall, base_of

_PRODUCT = "mul({0}, {1}, out={o})"
_QUOTIENT = "div({0}, {1}, out={o})", "{o}.addcdiv_({0}, {1})"
_OPPOSITE = "addcmul(zero, {0}, {1}, value=-1.0, out={o})", "{o}.addcmul_({0}, {1}, value=-1.0)"


def fuse_calls(plan: CallPlan) -> CallPlan:
    """The plan with fewer calls that computes the same."""
    last: dict[Scratch, int] = {}
    for i, call in enumerate(plan.calls):
        for operand in call.operands:
            base = base_of(operand)
            if isinstance(base, Scratch):
                last[base] = i
    calls: list[TorchCall] = []
    for i, call in enumerate(plan.calls):
        fused = _fused(calls[-1], call) if calls and last.get(_factor(call)) == i else None
        if fused is None:
            calls.append(call)
        else:
            calls[-1] = fused
    return CallPlan(calls, plan.constants, plan.loops)


def _factor(call: TorchCall) -> Scratch:
    """The scratch space that a product reads; any other if there is none."""
    last = call.reads[-1] if call.put == _PRODUCT else None
    return last if isinstance(last, Scratch) else Scratch(0, (), False)


def _fused(before: TorchCall, call: TorchCall) -> TorchCall | None:
    """Two calls as one, or None."""
    space = call.reads[1]
    if before.out != space or space in (call.out, call.reads[0]):
        return None
    if before.put == "reciprocal({0}, out={1})":
        (put, add), factor = _QUOTIENT, before.reads[0]
    elif before.put == "{0}.neg_()":
        (put, add), factor = _OPPOSITE, space
    else:
        return None
    return replace(call, put=put, add=add if call.add else "", reads=(call.reads[0], factor))
