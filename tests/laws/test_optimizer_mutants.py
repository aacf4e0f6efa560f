"""Planted mistakes: each changes the source of one rule, and the suite must notice every one of them.

A mutant is the real file with one phrase replaced, imported afresh. That the suite passes the real files is
what ``test_optimizer_laws`` shows.
"""

import importlib
import importlib.abc
import importlib.util
import sys
from pathlib import Path

import pytest

from optimizer_checks import passes_everything
from soloneuron.optimizers.catalogue import OPTIMIZERS

ROOM = "soloneuron.optimizers"

# name of the mistake: (method, file, phrase, what is written in its place)
MUTANTS = {
    "gradient descent climbs": ("gradient_descent", "base", "alpha=rate)", "alpha=-rate)"),
    "steps are counted twice": ("adam", "base", "state.t = t\n", "state.t = t + 1\n"),
    "t starts at 0": ("adam", "base", "state.t + 1\n        rate", "max(state.t, 1)\n        rate"),
    "a parameter is rebound, not updated": (
        "momentum",
        "base",
        "theta.sub_(d, alpha=rate)",
        "theta = theta.sub(d, alpha=rate)",
    ),
    "coupled decay forgets the point": (
        "nag",
        "base",
        "point: Theta = self.point(theta, workspace, context)",
        "point = theta",
    ),
    "decoupled decay forgets the rate": ("adamw", "base", "pull = rate * lam", "pull = lam"),
    "decay is not switched on": ("momentum", "base", 'if self.decay == "coupled"', "if False"),
    "clipping lengthens what is short": ("adam", "base", "norm / length.clamp(min=norm)", "norm / length"),
    "maximize is forgotten": ("adam", "base", "            g = -g\n", "            pass\n"),
    "a copied state shares its slots": ("adam", "state", "slot.clone()", "slot"),
    "a saved state shares its slots": ("adagrad", "base", "{name: slot.clone() for", "{name: slot for"),
    "a saved state forgets t": ("adam", "base", '"t": state.t', '"t": 0'),
    "dampening on the first step": ("momentum", "momentum", "context.t > 1 and ", ""),
    "momentum multiplies the gradient": (
        "momentum",
        "momentum",
        "torch.addcmul(g, mu, v, out=v)",
        "torch.addcmul(v, mu, g, out=v)",
    ),
    "Nesterov looks ahead with the old buffer": (
        "nesterov",
        "nesterov",
        "torch.addcmul(g, mu, v, out=v)\n        return torch.addcmul(g, mu, v, out=ahead)",
        "torch.addcmul(g, mu, v, out=ahead)\n        torch.addcmul(g, mu, v, out=v)\n        return ahead",
    ),
    "look-ahead equal to momentum": (
        "nesterov",
        "nesterov",
        "return torch.addcmul(g, mu, v, out=ahead)",
        "return v",
    ),
    "NAG asks at theta": (
        "nag",
        "nag",
        "torch.addcmul(theta, self.mu(context), workspace[0], out=context.scratch(theta))",
        "theta",
    ),
    "NAG keeps the rate outside the velocity": (
        "nag",
        "nag",
        "v.mul_(mu).sub_(g, alpha=rate)\n        theta.add_(v)",
        "v.mul_(mu).sub_(g)\n        theta.add_(v, alpha=rate)",
    ),
    "NAG changes theta when asked": (
        "nag",
        "nag",
        "workspace[0], out=context.scratch(theta))",
        "workspace[0], out=theta)",
    ),
    "Adagrad forgets": ("adagrad", "adagrad", "G.addcmul_(g, g)", "G.copy_(g * g)"),
    "Adagrad's epsilon is inside": ("adagrad", "adagrad", 'self.variant == "inside"', "True"),
    "Adagrad's rate falls a step early": ("adagrad", "adagrad", "(context.t - 1)", "context.t"),
    "one accumulator for weights and bias": (
        "adagrad_norm",
        "adagrad_norm",
        "g[..., -1:], workspace[1]",
        "g[..., -1:], workspace[0]",
    ),
    "one accumulator over all runs": (
        "adagrad_norm",
        "adagrad_norm",
        "(g * g).sum(-1, keepdim=True)",
        "(g * g).sum()",
    ),
    "Adadelta forgets the unit of theta": (
        "adadelta",
        "adadelta",
        ".sqrt_().div_(root)",
        ".sqrt_().div_(root).div_(root)",
    ),
    "Adadelta remembers the new step too soon": (
        "adadelta",
        "adadelta",
        "torch.add(D, epsilon, out=d)",
        "torch.add(D.lerp_(g * g, new), epsilon, out=d)",
    ),
    "RMSProp's mean is not squared": ("rmsprop", "rmsprop", "v, a, a, value=-1", "v, a, a.sign(), value=-1"),
    "RMSProp's epsilon is inside": (
        "rmsprop",
        "rmsprop",
        "torch.sqrt(v, out=root).add_(epsilon)",
        "torch.add(v, epsilon, out=root).sqrt_()",
    ),
    "Adam's m is not corrected": (
        "adam",
        "adam",
        "context.rate / (1 - self.beta1**context.t)",
        "context.rate",
    ),
    "Adam's v is not corrected": ("adam", "adam", "1 - self.beta2**context.t", "1.0"),
    "Adam corrects with t - 1": (
        "adam",
        "adam",
        "self.beta2**context.t",
        "self.beta2 ** max(context.t - 1, 1)",
    ),
    "Adam's betas are swapped": (
        "adam",
        "adam",
        "m.lerp_(g, c[1 - self.beta1])",
        "m.lerp_(g, c[1 - self.beta2])",
    ),
    "Adam's epsilon is inside": (
        "adam",
        "adam",
        "plus(torch.sqrt(v, out=root), context.extra**0.5, c[self.epsilon], out=root)",
        "plus(v, context.extra, c[self.epsilon], out=root).sqrt_()",
    ),
    "Adam's epsilon is before the correction": (
        "adam",
        "adam",
        'self.variant == "hat"',
        'self.variant != "inside"',
    ),
    "AMSGrad forgets its maximum": ("amsgrad", "amsgrad", "torch.maximum(u, v, out=u)", "v"),
    "AdamW is coupled": (
        "adamw",
        "adamw",
        'choice("decoupled", "coupled")',
        'choice("coupled", "decoupled")',
    ),
    "Nadam forgets its schedule": ("nadam", "nadam", "0.96 **", "1.0 **"),
    "Nadam's product is one step late": ("nadam", "nadam", "product.fill_(P)", "pass"),
    "Adamax adds": ("adamax", "adamax", "torch.maximum(u, size.add_", "torch.add(u, size.add_"),
    "RAdam trusts too early": ("radam", "radam", "rho > self.threshold", "True"),
    "Rprop steps back over a turn": ("rprop", "rprop", ".masked_fill_(turn < 0, 0)", ""),
    "Rprop swaps shrink and grow": ("rprop", "rprop", "turn > 0, c[self.grow]", "turn < 0, c[self.grow]"),
    "ASGD answers with the iterate": ("asgd", "asgd", "theta.lerp_(z, share)", "theta.copy_(z)"),
    "ASGD averages too early": ("asgd", "asgd", "t - self.t0)", "t - self.t0 + 5)"),
    "Lion votes with the new momentum": (
        "lion",
        "lion",
        "torch.lerp(m, g, c[1 - self.beta1], out=vote).sign_()\n        m.lerp_(g, c[1 - self.beta2])",
        "m.lerp_(g, c[1 - self.beta2])\n        torch.lerp(m, g, c[1 - self.beta1], out=vote).sign_()",
    ),
    "AdaBelief believes in g": (
        "adabelief",
        "adabelief",
        "torch.sub(g, m.lerp_(g, c[1 - self.beta1]), out=root)",
        "m.lerp_(g, c[1 - self.beta1]), root.copy_(g)",
    ),
    "Schedule-Free asks at theta": (
        "schedule_free_sgd",
        "schedule_free",
        "torch.lerp(workspace[0], theta, context.c[self.beta], out=context.scratch(theta))",
        "theta",
    ),
    "Schedule-Free weighs all steps alike": (
        "schedule_free_sgd",
        "schedule_free",
        "context.extra = rate**2 / total if total > 0 else 0.0",
        "context.extra = 1 / context.t",
    ),
}


class Planted(importlib.abc.SourceLoader):
    """Loads one module from its real file with one phrase replaced."""

    def __init__(self, path, old, new):
        self.path, self.old, self.new = path, old, new

    def get_filename(self, fullname):
        return f"<mutant of {fullname}>"

    def get_data(self, path):  # noqa: ARG002
        source = Path(self.path).read_text(encoding="utf-8")
        assert self.old in source, f"{self.old!r} is no longer in {self.path}"
        return source.replace(self.old, self.new).encode()


def mutant(name, file, old, new):
    """The class of that name, from a room in which one file has the mistake."""
    real = {key: module for key, module in sys.modules.items() if key.startswith(ROOM)}
    module = f"{ROOM}.{file}"
    origin = importlib.util.find_spec(module).origin
    for key in real:
        del sys.modules[key]
    finder = type(
        "Finder",
        (),
        {
            "find_spec": staticmethod(
                lambda key, *_: (
                    importlib.util.spec_from_loader(key, Planted(origin, old, new)) if key == module else None
                )
            )
        },
    )
    sys.meta_path.insert(0, finder)
    try:
        return OPTIMIZERS.load(name)
    finally:
        sys.meta_path.remove(finder)
        for key in [key for key in sys.modules if key.startswith(ROOM)]:
            del sys.modules[key]
        sys.modules.update(real)


def test_there_are_at_least_twenty():
    assert len(MUTANTS) >= 20


def test_a_room_without_a_mistake_passes():
    passes_everything(mutant("adam", "adam", "m.lerp_", "m.lerp_"), "adam")


@pytest.mark.parametrize("mistake", MUTANTS)
def test_the_suite_catches(mistake):
    name, *place = MUTANTS[mistake]
    kind = mutant(name, *place)
    with pytest.raises((AssertionError, RuntimeError)):
        passes_everything(kind, name)
