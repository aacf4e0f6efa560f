"""Planted mistakes: each changes the source of one rule, and the suite must notice every one of them.

A mutant is the real file with one piece of its syntax tree replaced, imported afresh. That the suite passes
the real files is what ``test_optimizer_laws`` shows.
"""

import importlib
import importlib.abc
import importlib.util
import sys
from pathlib import Path

import pytest

from optimizer_checks import ends_where_it_says, passes_everything
from planting import planted
from soloneuron.optimizers.catalogue import OPTIMIZERS, SCHEDULES

ROOM = "soloneuron.optimizers"

# name of the mistake: (method, file and place there, code of this form, what is written instead)
MUTANTS = {
    "gradient descent climbs": (
        "gradient_descent",
        "base.Optimizer.move",
        "_theta.sub_(_d, alpha=_rate)",
        "_theta.sub_(_d, alpha=-_rate)",
    ),
    "steps are counted twice": ("adam", "base.Optimizer.step", "_state.t = _t", "_state.t = _t + 1"),
    "t starts at 0": ("adam", "base.Optimizer.step", "_state.t + 1", "max(_state.t, 1)"),
    "a parameter is rebound, not updated": (
        "momentum",
        "base.Optimizer.move",
        "_theta.sub_(_d, alpha=_rate)",
        "_theta = _theta.sub(_d, alpha=_rate)",
    ),
    "coupled decay forgets the point": (
        "nag",
        "base.Optimizer.regular",
        "_self.point(_theta, _workspace, _context)",
        "_theta",
    ),
    "decoupled decay forgets the rate": (
        "adamw",
        "base.Optimizer.regular",
        "_pull = _rate * _lam",
        "_pull = _lam",
    ),
    "decay is not switched on": ("momentum", "base.Optimizer.regular", '_self.decay == "coupled"', "False"),
    "clipping lengthens what is short": (
        "adam",
        "guard.clipped",
        "torch.where(_short, _g, _h * (_norm / _length))",
        "_h * (_norm / _length)",
    ),
    "maximize is forgotten": ("adam", "base.Optimizer.regular", "-_g", "_g"),
    "a copied state shares its slots": ("adam", "state.OptimizerState.copy", "_slot.clone()", "_slot"),
    "a saved state counts a step too many": ("adagrad", "saved.saved", "_state.t", "_state.t + 1"),
    "a saved state forgets t": ("adam", "saved.saved", "_state.t", "0"),
    "dampening on the first step": (
        "momentum",
        "momentum.Momentum.direction",
        "_context.t > 1 and _damped",
        "_damped",
    ),
    "momentum multiplies the gradient": (
        "momentum",
        "momentum.Momentum.direction",
        "torch.addcmul(_g, _mu, _v, out=_v)",
        "torch.addcmul(_v, _mu, _g, out=_v)",
    ),
    "Nesterov looks ahead with the old buffer": (
        "nesterov",
        "nesterov.Nesterov.direction",
        "torch.addcmul(_g, _mu, _v, out=_v)\nreturn torch.addcmul(_g, _mu, _v, out=_ahead)",
        "torch.addcmul(_g, _mu, _v, out=_ahead)\ntorch.addcmul(_g, _mu, _v, out=_v)\nreturn _ahead",
    ),
    "look-ahead equal to momentum": (
        "nesterov",
        "nesterov.Nesterov.direction",
        "return torch.addcmul(_g, _mu, _v, out=_ahead)",
        "return _v",
    ),
    "NAG asks at theta": ("nag", "nag.NAG.point", "torch.addcmul(_theta, _mu, _v, out=_y)", "_theta"),
    "NAG keeps the rate outside the velocity": (
        "nag",
        "nag.NAG.move",
        "if _many:\n    _each\nelse:\n    _v.mul_(_mu).sub_(_g, alpha=_rate)\n_theta.add_(_v)",
        "_v.mul_(_mu).sub_(_g)\n_theta.add_(_v * _rate)",
    ),
    "NAG changes theta when asked": (
        "nag",
        "nag.NAG.point",
        "torch.addcmul(_theta, _mu, _v, out=_y)",
        "torch.addcmul(_theta, _mu, _v, out=_theta)",
    ),
    "Adagrad forgets": ("adagrad", "adagrad.Adagrad.direction", "_G.addcmul_(_g, _g)", "_G.copy_(_g * _g)"),
    "Adagrad's epsilon is inside": (
        "adagrad",
        "adagrad.Adagrad.direction",
        '_self.variant == "inside"',
        "True",
    ),
    "Adagrad's rate falls a step early": (
        "adagrad",
        "adagrad.Adagrad.prepare",
        "_context.t - 1",
        "_context.t",
    ),
    "one accumulator for weights and bias": (
        "adagrad_norm",
        "adagrad_norm.AdagradNorm.direction",
        "_self._shrunk(_g[..., -1:], _slots[1])",
        "_self._shrunk(_g[..., -1:], _slots[0])",
    ),
    "one accumulator over all runs": (
        "adagrad_norm",
        "adagrad_norm.AdagradNorm._shrunk",
        "(_g * _g).sum(-1, keepdim=True)",
        "(_g * _g).sum()",
    ),
    "Adadelta forgets the unit of theta": (
        "adadelta",
        "adadelta.Adadelta.direction",
        "_d.sqrt_().div_(_root)",
        "_d.sqrt_().div_(_root).div_(_root)",
    ),
    "Adadelta remembers the new step too soon": (
        "adadelta",
        "adadelta.Adadelta.direction",
        "torch.add(_D, _e, out=_d).sqrt_().div_(_root).mul_(_g)\n_D.lerp_(_dd, _new)",
        "torch.add(_D.lerp_(_g * _g, _new), _e, out=_d).sqrt_().div_(_root).mul_(_g)\n_D.lerp_(_dd, _new)",
    ),
    "RMSProp's mean is not squared": (
        "rmsprop",
        "rmsprop.RMSProp.direction",
        "torch.addcmul(_v, _a, _a, value=-1, out=_s)",
        "torch.addcmul(_v, _a, _a.sign(), value=-1, out=_s)",
    ),
    "RMSProp's epsilon is inside": (
        "rmsprop",
        "rmsprop.RMSProp.direction",
        "torch.sqrt(_v, out=_root).add_(_e)",
        "torch.add(_v, _e, out=_root).sqrt_()",
    ),
    "Adam's m is not corrected": ("adam", "adam.Adam.prepare", "_rate / (1 - _self.beta1**_t)", "_rate"),
    "Adam's v is not corrected": ("adam", "adam.Adam.prepare", "1 - _self.beta2**_t", "1.0"),
    "Adam corrects with t - 1": (
        "adam",
        "adam.Adam.prepare",
        "_self.beta2**_t",
        "_self.beta2 ** max(_t - 1, 1)",
    ),
    "Adam's betas are swapped": (
        "adam",
        "adam.Adam.direction",
        "_m.lerp_(_g, _c[1 - _self.beta1])",
        "_m.lerp_(_g, _c[1 - _self.beta2])",
    ),
    "Adam's epsilon is inside": (
        "adam",
        "adam.Adam.direction",
        "plus(torch.sqrt(_v, out=_root), _share**0.5, _e, out=_root)",
        "plus(_v, _share, _e, out=_root).sqrt_()",
    ),
    "Adam's epsilon is before the correction": (
        "adam",
        "adam.Adam.prepare",
        '_self.variant == "hat"',
        '_self.variant != "inside"',
    ),
    "AMSGrad forgets its maximum": (
        "amsgrad",
        "amsgrad.AMSGrad.direction",
        "torch.sqrt(torch.maximum(_u, _v, out=_u), out=_root)",
        "torch.sqrt(_v, out=_root)",
    ),
    "AdamW is coupled": (
        "adamw",
        "adamw.AdamW",
        'choice("decoupled", "coupled")',
        'choice("coupled", "decoupled")',
    ),
    "Nadam forgets its schedule": ("nadam", "nadam.Nadam.mu", "0.96**_power", "1.0**_power"),
    "Nadam's product is one step late": ("nadam", "nadam.Nadam.prepare", "_product.fill_(_P)", "pass"),
    "Adamax adds": (
        "adamax",
        "adamax.Adamax.direction",
        "torch.maximum(_u, _size.add_(_e), out=_u)",
        "torch.add(_u, _size.add_(_e), out=_u)",
    ),
    "RAdam trusts too early": ("radam", "radam.RAdam.prepare", "_rho > _self.threshold", "True"),
    "Rprop steps back over a turn": (
        "rprop",
        "rprop.Rprop.direction",
        "_last.masked_fill_(_turn < 0, 0)",
        "_last",
    ),
    "Rprop swaps shrink and grow": (
        "rprop",
        "rprop.Rprop.direction",
        "torch.where(_turn > 0, _grow, _rest)",
        "torch.where(_turn < 0, _grow, _rest)",
    ),
    "ASGD answers with the iterate": (
        "asgd",
        "asgd.ASGD.move",
        "_theta.lerp_(_z, _share)",
        "_theta.copy_(_z)",
    ),
    "ASGD averages too early": ("asgd", "asgd.ASGD.prepare", "_t - _self.t0", "_t - _self.t0 + 5"),
    "Lion votes with the new momentum": (
        "lion",
        "lion.Lion.direction",
        "torch.lerp(_m, _g, _one, out=_vote).sign_()\n_m.lerp_(_g, _other)",
        "_m.lerp_(_g, _other)\ntorch.lerp(_m, _g, _one, out=_vote).sign_()",
    ),
    "AdaBelief believes in g": (
        "adabelief",
        "adabelief.AdaBelief.direction",
        "torch.sub(_g, _m.lerp_(_g, _new), out=_root)",
        "(_m.lerp_(_g, _new), _root.copy_(_g))",
    ),
    "Schedule-Free asks at theta": (
        "schedule_free_sgd",
        "schedule_free.ScheduleFreeSGD.point",
        "torch.lerp(_z, _theta, _beta, out=_y)",
        "_theta",
    ),
    "Schedule-Free weighs all steps alike": (
        "schedule_free_sgd",
        "schedule_free.ScheduleFreeSGD.prepare",
        "_context.extra = _rate**2 / _total if _total > 0 else 0.0",
        "_context.extra = 1 / _context.t",
    ),
    "Schedule-Free AdamW decays theta": (
        "schedule_free_adamw",
        "schedule_free_adamw.ScheduleFreeAdamW.regular",
        "_self.point(_theta, _workspace, _context)",
        "_theta",
    ),
    "Schedule-Free AdamW corrects nothing": (
        "schedule_free_adamw",
        "schedule_free_adamw.ScheduleFreeAdamW.prepare",
        "1 - _self.beta2**_t",
        "1.0",
    ),
    "Signum forgets": ("signum", "signum.Signum.direction", "_c[1 - _self.beta]", "_c[1.0]"),
    "QHM mixes the other way": (
        "qhm",
        "qhm.QHM.direction",
        "torch.lerp(_g, _m, _nu, out=_mixed)",
        "torch.lerp(_m, _g, _nu, out=_mixed)",
    ),
    "Yogi is Adam": (
        "yogi",
        "yogi.Yogi.direction",
        "torch.sub(_v, _square, out=_root).sign_()",
        "_root.fill_(1).mul_(-1)",
    ),
    "AdEMAMix begins with the slow mean": (
        "ademamix",
        "ademamix.AdEMAMix.prepare",
        "min(_t / _self.warm_up, 1.0) if _self.warm_up else 1.0",
        "1.0",
    ),
    "AdEMAMix corrects the slow mean": (
        "ademamix",
        "ademamix.AdEMAMix.prepare",
        "_s * _self.alpha * _begun",
        "_s * _self.alpha",
    ),
    "Barzilai and Borwein's sizes are swapped": (
        "barzilai_borwein",
        "barzilai_borwein.BarzilaiBorwein.move",
        '_self.variant == "long"',
        '_self.variant != "long"',
    ),
    "Barzilai and Borwein go backwards": (
        "barzilai_borwein",
        "barzilai_borwein.BarzilaiBorwein.move",
        "_bend > 0",
        "_bend != 0",
    ),
    "curvature is measured over all runs": (
        "barzilai_borwein",
        "inner_products.inner_product",
        "(_a * _b).sum(-1, keepdim=True)",
        "(_a * _b).sum().expand(_a[..., :1].shape)",
    ),
    "NAG never restarts": (
        "restarted_nag",
        "restarted_nag.RestartedNAG.move",
        "_k.add_(1).masked_fill_(_uphill, 1)",
        "_k.add_(1)",
    ),
    "NAG restarts as soon as it slows": (
        "restarted_nag",
        "restarted_nag.RestartedNAG.move",
        "_k >= _self.shortest",
        "_k >= 2",
    ),
    "DoG forgets how far it was": (
        "dog",
        "dog.DoG.move",
        "torch.maximum(_r, _gone, out=_r)",
        "_r.copy_(_gone + 1e-6)",
    ),
    "DoG weighs all squares alike": (
        "dog",
        "dog.DoG.move",
        '1.0 if _self.variant == "dog" else _r * _r',
        "1.0",
    ),
    "Prodigy's estimate may fall": (
        "prodigy",
        "prodigy.Prodigy.move",
        "torch.maximum(_d, _estimate, out=_d)",
        "_d.copy_(_estimate)",
    ),
    "Prodigy measures from 0": (
        "prodigy",
        "prodigy.Prodigy.move",
        "torch.sub(_x, _theta, out=_root)",
        "-_theta",
    ),
    "Prodigy steps at Adam's rate": (
        "prodigy",
        "prodigy.Prodigy.move",
        "theta.sub_(_gamma * _d * _step)",
        "theta.sub_(_gamma * _step)",
    ),
    "the gradient is turned round in place": ("adam", "base.Optimizer.regular", "-_g", "_g.neg_()"),
    "clipping looks at all runs": (
        "adam",
        "guard.clipped",
        "torch.linalg.vector_norm(_h, dim=-1, keepdim=True)",
        "torch.linalg.vector_norm(_h)",
    ),
    "clipping forgets the largest": (
        "adam",
        "guard.clipped",
        "_largest * _length <= _norm",
        "_length <= _norm",
    ),
    "values are not clipped below": (
        "momentum",
        "guard.clipped",
        "_g.clamp(-_value, _value)",
        "_g.clamp(max=_value)",
    ),
    "a tensor of decay loses its lambda": (
        "momentum",
        "base.Optimizer.regular",
        "_g + _lam * _point",
        "_g + _point",
    ),
    "a tensor of decoupled decay loses theta": (
        "adamw",
        "base.Optimizer.regular",
        "_theta.sub_(_pull * _theta)",
        "_theta.sub_(_pull)",
    ),
    "a workspace stays with another theta": (
        "adam",
        "state.workspace_of",
        "_workspace is None or _workspace.given is not _theta or _workspace.owner is not _rule",
        "_workspace is None",
    ),
    "loading keeps the caller's tensors": (
        "adam",
        "saved._slot",
        "_came.detach().clone()",
        "_came.detach()",
    ),
    "a copy starts to count anew": (
        "adam",
        "state.OptimizerState.copy",
        "_self.t",
        "0",
    ),
    "a rate in a tensor is forgotten": (
        "momentum",
        "base.Optimizer.move",
        "theta.sub_(_rate * _step)",
        "theta.sub_(_step)",
    ),
    "a fraction is turned over": (
        "adam",
        "base.Optimizer.move",
        "_theta.addcdiv_(_d[0], _d[1], value=-_rate)",
        "_theta.addcdiv_(_d[1], _d[0], value=-_rate)",
    ),
    "a gradient in theta's memory is not copied": (
        "adamw",
        "base.Optimizer.step",
        "_gradient = _gradient.clone()",
        "pass",
    ),
    "lean rules skip the decay of others": (
        "adam",
        "base.Optimizer.takes_gradients_as_they_are",
        "nothing(_self.weight_decay) and not _clips and not _self.maximize",
        "True",
    ),
    "the momentum of a step is that of the first": (
        "nag",
        "nag.NAG.mu",
        "_mu(_context.t)",
        "_mu(1)",
    ),
    "Adam's second mean forgets its correction": (
        "adam",
        "adam.Adam.prepare",
        "_context.extra = 1 - _self.beta2**_context.t",
        "_context.extra = 1.0",
    ),
}

CURVES = {
    "cosine rises after its end": ("cosine", "passed", "min(_way, 1.0)", "_way"),
    "cosine ends one late": ("cosine", "passed", "(_t - 1) / (_steps - 1)", "(_t - 1) / _steps"),
    "the cosine is half": ("cosine", "Cosine.__call__", "math.pi * _share", "math.pi * _share / 2"),
    "a polynomial goes on": ("polynomial", "Polynomial.__call__", "1 - _passed", "1 - 0.5 * _passed"),
}
"""Mistakes in schedules: name, (schedule, place, code of this form, what is written instead)."""


class Planted(importlib.abc.SourceLoader):
    """Loads one module from its real file with one mistake."""

    def __init__(self, path, *mistake):
        self.path, self.mistake = path, mistake

    def get_filename(self, fullname):
        return f"<mutant of {fullname}>"

    def get_data(self, path):  # noqa: ARG002
        return Path(self.path).read_bytes()

    def source_to_code(self, data, path):
        return compile(planted(data, *self.mistake), path, "exec")


def mutant(name, place, old, new):
    """The class of that name, from a room in which one file has the mistake."""
    real = {key: module for key, module in sys.modules.items() if key.startswith(ROOM)}
    file, _, scope = place.partition(".")
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
                    importlib.util.spec_from_loader(key, Planted(origin, scope, old, new))
                    if key == module
                    else None
                )
            )
        },
    )
    sys.meta_path.insert(0, finder)
    try:
        return (SCHEDULES if name in SCHEDULES else OPTIMIZERS).load(name)
    finally:
        sys.meta_path.remove(finder)
        for key in [key for key in sys.modules if key.startswith(ROOM)]:
            del sys.modules[key]
        sys.modules.update(real)


def test_there_are_at_least_sixty():
    assert len(MUTANTS) + len(CURVES) >= 60


def test_a_room_without_a_mistake_passes():
    same = "_m.lerp_(_g, _c[1 - _self.beta1])"
    passes_everything(mutant("adam", "adam.Adam.direction", same, same), "adam")


@pytest.mark.parametrize("mistake", MUTANTS)
def test_the_suite_catches(mistake):
    name, *place = MUTANTS[mistake]
    kind = mutant(name, *place)
    with pytest.raises((AssertionError, RuntimeError)):
        passes_everything(kind, name)


@pytest.mark.parametrize("mistake", CURVES)
def test_the_law_of_schedules_catches(mistake):
    name, *place = CURVES[mistake]
    ends_where_it_says(SCHEDULES.load(name))
    kind = mutant(name, f"schedules.{place[0]}", *place[1:])
    with pytest.raises(AssertionError):
        ends_where_it_says(kind)
