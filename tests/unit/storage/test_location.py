"""A location in a file is named by its whole path, and what must stand there in plain words."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.storage.codec import as_json
from soloneuron.storage.location import Location, located_values


@dataclass(frozen=True)
class Inner:
    number: float
    count: int = 0
    word: Literal["one", "two"] = "one"
    truth: bool = False
    pair: tuple[str, str] = ("a", "b")
    either: float | int | None = None


@dataclass(frozen=True)
class Outer:
    inner: Inner
    rows: tuple[Inner, ...] = ()
    named: dict[str, dict[str, Inner]] = field(default_factory=dict)
    tensor: Tensor | None = None


ONE = {"number": 1}


def inner(**more):
    return {"inner": ONE | more}


def outer(**more):
    return {"inner": ONE, **more}


FINITE = "in f must be a finite number, got"

FAULTS = {
    "no object": (5, "f must be an object, got 5"),
    "missing": ({}, "f must have the field 'inner'"),
    "missing inside": ({"inner": {}}, "inner in f must have the field 'number'"),
    "a text": (inner(number="x"), f"inner.number {FINITE} x"),
    "a truth": (inner(number=True), f"inner.number {FINITE} true"),
    "null": (inner(number=None), f"inner.number {FINITE} null"),
    "a list": (inner(number=[1]), f"inner.number {FINITE} a list"),
    "a fraction": (inner(count=1.5), "inner.count in f must be a whole number, got 1.5"),
    "a number for a truth": (inner(truth=1), "inner.truth in f must be true or false, got 1"),
    "another word": (inner(word="six"), "inner.word in f must be a word that this soloneuron knows, got six"),
    "three": (inner(pair=["a", "b", "c"]), "inner.pair in f must be a list of 2, got a list of 3"),
    "a pair of numbers": (inner(pair=["a", 2]), "inner.pair[1] in f must be a text, got 2"),
    "either": (inner(either="x"), "inner.either in f must be a finite number or null, got x"),
    "in a list": (outer(rows=[{"number": 1}, 7]), "rows[1] in f must be an object, got 7"),
    "in two mappings": (
        outer(named={f"k{i}": {"a": ONE, "b.c": {"number": "x"} if i == 6 else ONE} for i in range(9)}),
        f"named.k6.b.c.number {FINITE} x",
    ),
    "twice in a mapping": (
        outer(named={"a": {"x": ONE}, "b": {"y": {}}, "c": {"y": {}}}),
        "named.b.y in f must have the field 'number'",
    ),
    "lines": (outer(named={"a\nb": 5}), r"named.a\nb in f must be an object, got 5"),
    "a tensor of words": (outer(tensor=[[1, 2], [3, "x"]]), f"tensor[1][1] {FINITE} x"),
    "a tensor of truths": (outer(tensor=[1, True]), f"tensor[1] {FINITE} true"),
    "a ragged tensor": (outer(tensor=[[1, 2], [3]]), "tensor[1] in f must be a list of 2, got a list of 1"),
    "a row too long": (
        outer(tensor=[[1, 2], [3, 4, 5]]),
        "tensor[1] in f must be a list of 2, got a list of 3",
    ),
    "a tensor too deep": (outer(tensor=[[1, 2], [3, [4]]]), f"tensor[1][1] {FINITE} a list"),
    "a number for a row": (outer(tensor=[[1], 2]), "tensor[1] in f must be a list, got 2"),
    "a row for a number": (outer(tensor=[1, [2]]), f"tensor[1] {FINITE} a list"),
    "a number alone": (outer(tensor=0.5), "tensor in f must be a list, got 0.5"),
    "another dtype": (outer(tensor={"float16": [1]}), "tensor in f must be a list, got an object"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_path_and_what_must_stand_there(fault):
    value, sentence = FAULTS[fault]
    with pytest.raises(RecordError) as caught:
        Location("f").read(Outer, value)
    assert str(caught.value) == sentence


def test_the_first_bad_one_of_very_many_is_found_at_once():
    many = {f"k{i}": {"a": {"number": 1 if i < 19_000 else "x"}} for i in range(20_000)}
    with pytest.raises(RecordError, match=r"^named\.k19000\.a\.number in f must be"):
        Location("f").read(Outer, outer(named=many))


def test_fields_that_a_record_does_not_have_are_left_out():
    assert Location("f").read(Inner, {"number": 2, "later": [1]}) == Inner(2.0)


SHAPES = [(0,), (3,), (2, 0), (1, 2, 3), (2, 1, 1, 2)]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_tensor_comes_back_bit_for_bit(shape, dtype):
    tensor = torch.rand(shape, generator=torch.Generator().manual_seed(1), dtype=dtype)
    back = Location("f").read(Outer, outer(tensor=as_json(tensor))).tensor
    assert (back.dtype, back.shape) == (dtype, shape)
    assert back.equal(tensor)


@given(st.lists(st.sampled_from(["a", "b.c", 0, 12]), max_size=4))
def test_a_path_holds_every_step(steps):
    location = Location("f")
    for step in steps:
        location = location[step]
    joined = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    assert location.path == joined.removeprefix(".")


def test_everything_inside_is_walked_with_its_place_but_finite_fractions():
    value = {"a": (1, 2.5, float("inf")), "b": Inner(0.5, pair=("x", "y"))}
    found = {location.path: inner for location, inner in located_values(value, Location("f"))}
    assert {"", "a", "a[0]", "a[2]", "b", "b.count", "b.pair", "b.pair[1]"} <= found.keys()
    assert not {"a[1]", "b.number"} & found.keys()
