"""Rules translated from their paper lines step as the rules do, and their formulas read alike."""

import itertools

import pytest
import torch

from optimizer_variants import CASES, HILLS, START, once, walked
from rounding import relative
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.formula_trace import trace_formula
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.state import OptimizerState
from tolerances import ENGINES

ONE_UPDATE = 1e-13
"""From the same state: some tens of roundings, and powers of V8 that differ from C's in the last place."""

AS_ROUNDED = 100
"""And so many times what another order of the coordinates changes, where a rule adds them up."""

STEPS = 60

STEPPED = [
    (name, options)
    for name, options in CASES
    # A function of t is Python; the page has numbers only.
    if OPTIMIZERS.load(name).needs != "objective" and not callable(options.get("momentum"))
]


READ = [(name, options) for name, options in CASES if not callable(options.get("momentum"))]


def first_of_each(cases):
    """The plain rule of every method at once, its variants where there is time."""
    seen = set()
    for name, options in cases:
        marks = [pytest.mark.slow] if name in seen and "dampening" not in options else []
        seen.add(name)
        yield pytest.param(name, options, marks=marks)


def asked(name, options, steps):
    rule = as_optimizer(name, **options)
    settings = {key: value for key, value in rule.settings.items() if key != "learning_rate"}
    rate = rule.learning_rate
    rates = [rate(t) if callable(rate) else rate for t in range(1, steps + 1)]
    rates = torch.tensor(rates, dtype=torch.float64)
    return rule, {"name": name, "settings": settings, "rates": rates, "theta": START}


def spread(rule, slots):
    """Slots as the page keeps them: those of parts once for every coordinate."""
    if rule.name != "adagrad_norm":
        return {key: slot.double().reshape(-1) for key, slot in slots.items()}
    k = len(START) - rule.bias
    return {"G": torch.cat([slots["weights"].expand(k), slots["bias"].expand(len(START) - k)])}


def copied(slots):
    return {key: slot.clone() for key, slot in slots.items()}


def adds_up(rule):
    """Whether its steps hang on sums over coordinates, which may come in any order."""
    return not (rule.elementwise or rule.parts)


def mirrored(rule, before, theta, gradient):
    """The same update with the coordinates the other way round: sums in another order."""
    slots = {key: x.flip(-1) if x.shape == theta.shape else x.clone() for key, x in before.slots.items()}
    there = theta.flip(-1)
    rule.step(there, gradient.flip(-1), OptimizerState(rule.name, slots, before.t))
    return there.flip(-1)


def assert_close(found, wanted, room, least=1e-300):
    size = max(float(wanted.abs().max()), least)
    assert float((found - wanted).abs().max()) <= room * size, (found, wanted)


def test_the_page_has_every_optimizer_with_its_defaults(page):
    assert sorted(page.ask("names")) == sorted(OPTIMIZERS)
    for name in OPTIMIZERS:
        settings = dict(as_optimizer(name, **once(name)).settings)
        del settings["learning_rate"]
        assert page.ask("defaults", name) == settings


@pytest.mark.parametrize(("name", "options"), STEPPED)
def test_slots_begin_as_those_of_the_rule(page, name, options):
    rule, question = asked(name, options, 1)
    found, wanted = page.ask("begun", question), spread(rule, rule.start(START).slots)
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[key], wanted[key]) for key in wanted)


@pytest.mark.parametrize(("name", "options"), STEPPED)
def test_one_update_from_the_same_state_is_that_of_the_rule(page, name, options):
    rule, question = asked(name, options, 12)
    steps, taken = [], []
    for theta, point, gradient, before, after, there in walked(rule):
        slots = copied(spread(rule, before.slots))
        steps.append({"t": before.t + 1, "theta": theta, "gradient": gradient, "slots": slots})
        own = relative(mirrored(rule, before, theta, gradient), there) if adds_up(rule) else 0.0
        taken.append((point, there, copied(spread(rule, after.slots)), max(ONE_UPDATE, AS_ROUNDED * own)))
    found = page.ask("updates", {**question, "steps": steps})
    for one, (point, there, slots, room) in zip(found, taken, strict=True):
        assert_close(one["point"], point, ONE_UPDATE)
        assert_close(one["theta"], there, room)
        for key, slot in slots.items():
            assert_close(one["slots"][key], slot, room)


@pytest.mark.parametrize(("name", "options"), list(first_of_each(STEPPED)))
def test_a_walk_of_sixty_updates_is_that_of_the_rule(page, name, options):
    rule, question = asked(name, options, STEPS)
    path = torch.stack([there for *_, there in walked(rule, STEPS)])
    found = page.ask("walk", {**question, "matrix": HILLS}).view(STEPS, -1)
    size, room = path.abs().amax(1), torch.full((STEPS,), ENGINES, dtype=torch.float64)
    if adds_up(rule):
        # Where inner products cancel rounding grows from step to step, in Python too.
        turned = torch.stack([there for *_, there in walked(rule, STEPS, mirror=True)])
        own = ((turned - path).abs().amax(1) / size).cummax(0).values
        room = torch.maximum(room, AS_ROUNDED * own)
    assert ((found - path).abs().amax(1) / size <= room).all()


@pytest.mark.parametrize(("name", "options"), list(first_of_each(READ)))
def test_a_formula_reads_as_the_library_s_with_the_numbers_of_the_step(page, name, options):
    rule, question = asked(name, options, 12)
    searched = rule.needs == "objective"
    steps, wanted = [], []
    for first, _, gradient, before, after, _ in walked(rule):
        t, kept = before.t + 1, {"slots": before.slots} | ({"after": after.slots} if searched else {})
        steps.append({
            **{"settings": question["settings"], "rate": float(question["rates"][t - 1]), "bias": True},
            **{"t": t, "theta": first, "gradient": gradient},
            **{key: copied(spread(rule, slots)) for key, slots in kept.items()},
        })  # fmt: skip
        wanted.append(trace_formula(rule, first, gradient, before, after))
    found = page.ask("traces", {"name": name, "steps": steps})
    for one, other in zip(itertools.chain(*found), itertools.chain(*wanted), strict=True):
        assert (one["name"], one["formula"]) == (other.name, other.formula)
        assert one["filled"] == list(other.filled)
        values = torch.tensor(one["value"], dtype=torch.float64)
        # An inner product of what hardly differs is a difference of larger numbers.
        assert_close(values, other.value.double().expand(len(START)), ENGINES, 1e-3)


def test_numbers_are_written_as_python_writes_them(page):
    generator = torch.Generator().manual_seed(0)
    sizes = 10 ** (torch.rand(2000, generator=generator, dtype=torch.float64) * 24 - 12)
    signs = torch.randn(2000, generator=generator, dtype=torch.float64).sign()
    ties = [
        1000.5,
        1001.5,
        12345.0,
        12355.0,
        99995.0,
        9999.5,
        0.00009999,
        0.0001,
        1e-5,
        1e300,
        5e-324,
        2**-10,
    ]
    plain = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        100.0,
        12.5,
        1234.0,
        12340.0,
        0.1,
        1 / 3,
        -2e-7,
        float("inf"),
        float("nan"),
    ]
    numbers = torch.cat([sizes * signs, torch.tensor([*ties, *plain], dtype=torch.float64)])
    assert page.ask("general", numbers) == [f"{x + 0.0:.4g}" for x in numbers.tolist()]
