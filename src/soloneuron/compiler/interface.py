"""The public functions of the compiler: everything is checked here, once."""

from __future__ import annotations

import gc
import hashlib
import marshal
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch

from soloneuron.compiler.backends.choice import choose_backend
from soloneuron.compiler.backends.scalar import ScalarProgram, write_scalar
from soloneuron.compiler.backends.torch import Program, write_torch
from soloneuron.compiler.compiled import Compiled
from soloneuron.compiler.graph.normal import Graph, Sum
from soloneuron.compiler.graph.normalise import normalise
from soloneuron.compiler.graph.reading import Reader
from soloneuron.compiler.graph.reductions import with_reductions
from soloneuron.compiler.graph.triangles import with_whole_grids
from soloneuron.element.element import Element
from soloneuron.element.scalars import plain_number
from soloneuron.errors import InputError, InputWarning, UnknownNameError

MOST_PROGRAMS = 64
"""So many programs are kept for graphs of equal structure."""

MOST_WARNINGS = 3
"""Of so many lines that looked at a number a compilation warns."""

_REDUCTIONS = ("mean", "sum")

BACKENDS = ("auto", "torch", "scalar")

_programs: dict[bytes, Program | ScalarProgram] = {}


def compile_graph(
    loss: Element,
    parameters: Iterable[Element],
    inputs: Iterable[Element] | None = None,
    *,
    outputs: Iterable[Element] = (),
    reduction: str = "mean",
    dtype: torch.dtype = torch.float64,
    backend: str = "auto",
    progress: Callable[[str], object] | None = None,
) -> Compiled:
    """Turn a graph of Elements that has been built once into torch code for its value and its gradient.

    Operations, not branches, are compiled: an ``if`` that looked at a number, and every ``.data`` that was
    read, stays as it was while the graph was built. ``relu``, ``maximum``, ``softmax`` and the like look at
    the numbers of each run.

    Args:
        loss: the result.
        parameters: leaves, in the order that theta will have.
        inputs: leaves that vary by sample, in the order of the columns of a batch; None compiles the graph
            as it is. All other leaves are constants.
        outputs: Elements whose values the function keeps beside the loss, such as predictions: after a call
            they are in ``f.outputs``.
        reduction: "mean" or "sum" of the loss over a batch.
        dtype: torch.float64 or torch.float32.
        backend: "torch", "scalar" (plain Python on floats), or "auto": scalar for a long, thin graph
            without inputs, such as a recurrence, where calls of torch would have one or two numbers each.
        progress: takes a line of text now and then, such as ``print``; a graph of a million nodes takes
            some twenty seconds.

    Returns:
        A Compiled function: ``f()`` or ``f(batch)`` gives the loss, ``f.theta`` and ``f.gradient`` are flat
        tensors. Graphs of equal structure share their code.

    Raises:
        InputError: parameters or inputs that are no leaves, come twice, or belong to another graph.
        GraphError: a graph that does not hold plain numbers, or too large a one without a repeating
            structure.

    Warns:
        InputWarning: the program looked at the number of an Element of the graph: it may have branched.

    Example:
        >>> w, x = Element(3.0, "w"), Element(0.0, "x")
        >>> f = compile_graph((w * x - 1) ** 2, [w], [x])
        >>> f([[1.0], [2.0]]), f.gradient.tolist()
        (14.5, [12.0])
    """
    own, varying = check_leaves(loss, parameters, inputs)
    _check_options(reduction, dtype)
    if backend not in BACKENDS:
        raise UnknownNameError("backend", str(backend), BACKENDS)
    if progress is not None and not callable(progress):
        raise InputError(
            f"progress must be a function of a line of text, such as print, got {type(progress).__name__}",
            code="compile.progress",
        )
    tell = progress or (lambda _: None)
    tell("reading the graph")
    precision = torch.finfo(dtype)
    limits = (precision.tiny, precision.max)
    wanted = _elements(outputs, "output")
    with _collector_paused():
        graph = normalise(loss, Reader(own, varying, limits), wanted)
        names = tuple(
            x.label or f"{kind} {i}"
            for kind, xs in (("parameter", own), ("input", varying))
            for i, x in enumerate(xs)
        )
        _check_graph(graph, own, varying, names)
        start = [float(plain_number(x.data)) for x in own]
        reduced = with_whole_grids(with_reductions(graph))
        tell(f"{graph.elements} nodes read, {len(graph.ops)} left; writing the code")
        if choose_backend(reduced, backend) == "scalar":
            if graph.labelled:
                # Read once more, so that what the user has named stands in the text by its name.
                graph = normalise(loss, Reader(own, varying, limits, keeps_labels=True), wanted)
            return Compiled(_program(graph, write_scalar, dtype), start, names, dtype, reduction)
        return Compiled(
            _program(reduced, partial(write_torch, most=precision.max), dtype), start, names, dtype, reduction
        )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the collector of cycles, which would go through all of a large graph again and again.

    A compilation makes no cycles; what it makes goes when it is done.
    """
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


def check_leaves(
    loss: Any, parameters: Iterable[Element], inputs: Iterable[Element] | None
) -> tuple[list[Element], list[Element]]:
    """Parameters and inputs as lists.

    Raises:
        InputError: what is no Element, no leaf, or comes twice.
    """
    own, varying = _leaves(parameters, "parameter"), _leaves(() if inputs is None else inputs, "input")
    if not isinstance(loss, Element):
        raise InputError(f"loss must be an Element, got {type(loss).__name__}", code="compile.loss")
    if not own:
        raise InputError("there must be at least one parameter, got none", code="compile.parameters")
    seen: set[Element] = set()
    for kind, xs in (("parameter", own), ("input", varying)):
        for i, x in enumerate(xs):
            if x in seen:
                raise InputError(f"{_named(x, kind, i)} comes twice", code="compile.twice")
            seen.add(x)
    return own, varying


def compile(*arguments: Any, **options: Any) -> Compiled:
    """Call ``compile_graph``, whose old name this is.

    Warns:
        DeprecationWarning: always; the name goes with the next version.
    """
    warnings.warn("compile is compile_graph now: the old name goes away", DeprecationWarning, stacklevel=2)
    return compile_graph(*arguments, **options)


def _program(
    graph: Graph, write: Callable[[Graph], Program | ScalarProgram], dtype: torch.dtype
) -> Program | ScalarProgram:
    key = _key(graph, dtype, scalar=write is write_scalar)
    # Taken out and put back at the end: the one that was used longest ago goes first.
    program = _programs.pop(key, None) or write(graph)
    while len(_programs) >= MOST_PROGRAMS:
        del _programs[next(iter(_programs))]
    _programs[key] = program
    return program


def _key(graph: Graph, dtype: torch.dtype, *, scalar: bool) -> bytes:
    """A digest of everything that a program depends on."""
    arguments = [
        (x.constant, x.ids, x.coefs, x.left, x.right, x.scales) if type(x) is Sum else x
        for x in graph.arguments
    ]
    names = sorted(graph.names.items()) if scalar else None
    counts = (graph.parameters, graph.inputs, graph.root, graph.elements)
    shape = (*counts, sorted(graph.used), graph.outputs, str(dtype))
    # Version 2 of marshal has no references, so that equal contents give equal bytes.
    return hashlib.blake2b(marshal.dumps([shape, graph.ops, arguments, names], 2)).digest()


def _leaves(elements: Iterable[Element], kind: str) -> list[Element]:
    leaves = _elements(elements, kind)
    for i, x in enumerate(leaves):
        if x._prev:
            raise InputError(
                f"{_named(x, kind, i)} must be a leaf, but was computed by {x._op!r}", code=f"compile.{kind}s"
            )
    return leaves


def _elements(elements: Iterable[Element], kind: str) -> list[Element]:
    if isinstance(elements, Element | str) or not isinstance(elements, Iterable):
        raise InputError(
            f"{kind}s must be a list of Elements, got {type(elements).__name__}: a single one stands in "
            "brackets, [w]",
            code=f"compile.{kind}s",
        )
    found = list(elements)
    for i, x in enumerate(found):
        if not isinstance(x, Element):
            raise InputError(
                f"{kind} {i} must be an Element, got {type(x).__name__}", code=f"compile.{kind}s"
            )
    return found


def _named(x: Element, kind: str, i: int) -> str:
    return f"{kind} {i}" if x.label is None else f"{kind} {x.label!r}"


def _check_options(reduction: str, dtype: torch.dtype) -> None:
    if reduction not in _REDUCTIONS:
        raise InputError(f"reduction must be 'mean' or 'sum', got {reduction!r}", code="compile.reduction")
    if dtype not in (torch.float32, torch.float64):
        raise InputError(f"dtype must be torch.float64 or torch.float32, got {dtype}", code="compile.dtype")


def _check_graph(graph: Graph, own: list[Element], varying: list[Element], names: tuple[str, ...]) -> None:
    if not any(i in graph.used for i in range(len(own))):
        raise InputError(
            f"the loss depends on none of the parameters ({', '.join(names[:3])} ...): "
            "they belong to another graph",
            code="compile.other_graph",
        )
    for i in range(len(own), len(own) + len(varying)):
        if i not in graph.used:
            raise InputError(
                f"the loss does not depend on {names[i]!r}: give the inputs of the sample that was traced",
                code="compile.inputs",
            )
    for x in graph.frozen[:MOST_WARNINGS]:
        mark: Any = x._op
        how = (
            f"compared with {mark.how}" if mark.how in {"<", "<=", ">", ">=", "=="} else f"read by {mark.how}"
        )
        warnings.warn(
            f"{x.label or repr(x)} was {how} while the graph was built ({mark.place}): the compiled function "
            "takes the branch that was taken then, whatever its numbers are; element.where(condition, a, b) "
            "is decided anew in every run",
            InputWarning,
            stacklevel=3,
        )
