"""What every optimizer is: a rule for (theta, gradient, state), broadcasting over run axes.

How one is used stands in the docstring of the package. A method is its formula: ``slots`` names what it
remembers, ``direction`` what theta moves against, the class body its hyperparameters. The rest is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

import torch
from torch import Tensor

from soloneuron.optimizers.configurable import Configurable
from soloneuron.optimizers.formula import first_value
from soloneuron.optimizers.guard import clipped, misfit
from soloneuron.optimizers.run_by_run import step_run_by_run
from soloneuron.optimizers.saved import restored, saved
from soloneuron.optimizers.settings import choice, flag, nothing, number, scheduled
from soloneuron.optimizers.state import OptimizerState, workspace_of
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta, Values

Direction: TypeAlias = Tensor | tuple[Tensor, Tensor]
"""What theta moves against: a tensor, or a fraction as (numerator, denominator), divided on the way."""

ValueAndGradient: TypeAlias = Callable[[Theta], tuple[Values, Gradient]]
"""Value and gradient at a point."""


class Optimizer(Configurable):
    """A rule that moves theta against a gradient; subclass it to bring your own.

    One step, with lambda the weight decay::

        g      <- clip(g);  -g if maximize;  g + lambda * point      (coupled decay)
        theta  <- (1 - rate * lambda) theta                           (decoupled decay)
        theta  <- theta - rate * direction(g)

    Args:
        learning_rate: finite and > 0: a number, a tensor that broadcasts against theta ((R, 1) trains R
            runs, (d+1,) gives each coordinate its own), or a schedule t -> rate with t = 1, 2, ...
        weight_decay: lambda, finite and >= 0.
        decay: "coupled" adds lambda * point to the gradient (torch.optim), "decoupled" shrinks theta beside
            the step (AdamW, Keras for every method).
        clip_value: no coordinate of the gradient is larger than this; None leaves them.
        clip_norm: nor is the length of the gradient of a run; torch adds 1e-6 to that length, we do not.
        maximize: climb instead of descend.

    Raises:
        UnknownNameError: a hyperparameter that the method does not have.
        InputError: a value outside its range.

    Example:
        >>> class Signs(Optimizer):
        ...     slots = ("m",)
        ...     beta = number(0.9, "[0, 1)")
        ...     def direction(self, g, workspace, context):
        ...         (m,) = workspace
        ...         m.mul_(self.beta).add_((1 - self.beta) * g)
        ...         return m.sign()
        >>> rule, theta = Signs(learning_rate=0.5), torch.tensor([1.0, 2.0])
        >>> rule.step(theta, torch.tensor([3.0, -4.0]), rule.start(theta))
        >>> theta.tolist()
        [0.5, 2.5]
    """

    name: ClassVar[str] = "own"
    slots: tuple[str, ...] = ()
    """Names of what is remembered for every coordinate; by default zeros in the shape of theta."""
    idle_slots: ClassVar[tuple[str, ...]] = ()
    """Those of them that may stay as they are for many steps."""
    totals: ClassVar[tuple[str, ...]] = ()
    """Names of what is remembered once for all of them; ``prepare`` changes it, ``begin`` makes it."""
    parts: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Letters of ``paper`` that are one number for all weights and one for the bias: the slots of both."""
    spares: ClassVar[int] = 0
    """How many scratch tensors the formula wants after its slots."""
    elementwise: ClassVar[bool] = True
    """Coordinates do not look at each other, so theta may be worked on in blocks."""
    needs: ClassVar[str] = "gradient"
    """"gradient" at theta, "gradient at its point", or "objective"."""

    learning_rate = number(0.01, "(0, inf)", schedule=True)
    weight_decay = number(0.0, "[0, inf)")
    decay = choice("coupled", "decoupled")
    clip_value = number(None, "(0, inf)", tensor=False)
    clip_norm = number(None, "(0, inf)", tensor=False)
    maximize = flag(False)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" not in vars(cls):
            cls.name = cls.__name__

    # What a method says of itself.

    def begins(self) -> Mapping[str, str]:
        """Slots and totals that do not begin at 0, as ``paper`` writes them, of theta, rate and settings."""
        return {}

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """The slots before the first step, by name, in the order of ``slots``: what ``begins`` says."""
        begun = {name: first_value(x, self.settings, theta) for name, x in self.begins().items()}
        return {name: begun[name] if name in begun else torch.zeros_like(theta) for name in self.slots}

    def point(self, theta: Theta, workspace: tuple[Tensor, ...], context: StepContext) -> Theta:  # noqa: ARG002
        """Where the gradient of step ``context.t`` is wanted."""
        return theta

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """What is the same for all coordinates, once a step: a factor on the rate, a running product."""

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Direction:
        """The paper's formula.

        Args:
            g: the gradient; read only.
            workspace: the slots, changed in place, then ``spares`` scratch tensors of the same shape.
            context: the step's number t, rate and constants.

        Returns:
            What theta moves against; it may live in a slot, a scratch tensor or g itself.
        """
        raise NotImplementedError(f"{type(self).__name__} must define direction(g, workspace, context)")

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """Change theta in place: theta <- theta - rate * direction(g)."""
        d, rate = self.direction(g, workspace, context), context.rate
        if isinstance(rate, Tensor):
            theta.sub_(rate * (d[0] / d[1] if isinstance(d, tuple) else d))
        elif isinstance(d, tuple):
            theta.addcdiv_(d[0], d[1], value=-rate)
        else:
            theta.sub_(d, alpha=rate)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula of step t for reading: lines ``letter = expression``, see ``trace_formula``."""
        return ()

    def names(self, gradient: Gradient, before: OptimizerState, after: OptimizerState) -> dict[str, Any]:  # noqa: ARG002
        """What letters of ``paper`` mean before a step, besides the settings: the slots by their names."""
        return dict(before.slots)

    # What the world calls.

    def start(self, theta: Theta) -> OptimizerState:
        """A fresh state for theta, (..., d+1).

        Raises:
            InputError: theta is no floating tensor.
            ShapeError: a hyperparameter that does not broadcast to theta.
        """
        fitted = self.fitted(theta)
        return OptimizerState(self.name, fitted.begin(theta.detach()))

    def at(self, theta: Theta, state: OptimizerState) -> Theta:
        """The point where the next gradient is wanted.

        Nothing changes. The tensor may be theta itself, a slot or scratch: read it, do not keep it.
        """
        workspace = workspace_of(self, theta, state)
        workspace.context.t = state.t + 1
        # Who asks at theta itself gets the caller's tensor, with whatever graph hangs on it.
        where = theta if type(self).point is Optimizer.point else workspace.theta
        point: Theta = workspace.rule.point(where, workspace.slots, workspace.context)
        return point

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:
        """Take one step: theta and the state change in place, the gradient does not.

        Raises:
            ShapeError: gradient and theta differ in shape, the state is of another size, a hyperparameter
                does not broadcast to theta, or places of theta share their memory.
            InputError: the gradient is no tensor, a sparse one, or of another dtype or device than theta;
                theta is no tensor of float32, float64 or bfloat16, or a hyperparameter vanishes in it; the
                state is none, or another method's; a schedule gave a rate that is not finite and >= 0.
                Nothing has changed then.
        """
        workspace = workspace_of(self, theta, state)
        try:
            memory = gradient.untyped_storage().data_ptr()
            fits = gradient.shape == workspace.shape and gradient.dtype is workspace.dtype
            fits = fits and gradient.device == workspace.device
        except (AttributeError, NotImplementedError):
            # No tensor, or a sparse one.
            fits = False
        if not fits:
            raise misfit(gradient, workspace.theta, type(self).__name__)
        # Where torch builds no graphs there is none to leave behind, and asking costs a sixth of detaching.
        if torch.is_grad_enabled():
            gradient = gradient.detach()
        if workspace.run_by_run:
            step_run_by_run(self, workspace, gradient, state)
            return
        rule, context, t = workspace.rule, workspace.context, state.t + 1
        rate = rule.learning_rate
        if callable(rate):
            rate = scheduled(rate(t), t, theta, type(self).__name__)
        context.t, context.rate = t, rate
        rule.prepare(state.slots, context)
        # Clipping is of the whole gradient: it cannot wait for the blocks.
        if not workspace.lean:
            gradient = clipped(gradient, rule.clip_value, rule.clip_norm)
        # A gradient may share memory with theta or a slot (the bowl's is its point), and those will change.
        if memory in workspace.storages:
            gradient = gradient.clone()
        # The common case, without a loop and without regular(): on a small theta calls are what costs.
        if workspace.plain:
            rule.move(workspace.theta, gradient, workspace.own, context)
        else:
            for (part, own), g in zip(workspace.pieces, workspace.cut(gradient), strict=True):
                rule.move(part, rule.regular(part, g, own, rate, context), own, context)
        # Last of all: whatever was refused above has counted no step.
        state.t = t

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """One step with as many evaluations as the method wants; one, unless it says otherwise.

        Args:
            theta: the parameters, changed in place.
            objective: point -> (value, gradient there).
            state: changed in place.

        Returns:
            The value at the point of the first evaluation.
        """
        # at() may return scratch; the objective reads it before the step writes there again.
        value, gradient = objective(self.at(theta, state))
        self.step(theta, gradient, state)
        return value

    def promise(self, state: OptimizerState) -> Tensor | None:  # noqa: ARG002
        """How much lower the value may get, as the last update saw it; None from a rule that cannot tell.

        It is half of g H^-1 g, which does not ask in which units the columns are.
        """
        return None

    def save(self, state: OptimizerState) -> dict[str, Any]:
        """The state as plain data: the method's name, t, and the slots by name as nested lists.

        Numbers keep all their bits, also through JSON.
        """
        parts = saved(state)
        return {**parts, "slots": {name: slot.tolist() for name, slot in parts["slots"].items()}}

    def load(self, came: Mapping[str, Any], theta: Theta) -> OptimizerState:
        """The state that ``save`` described, for a theta of the same shape.

        Args:
            came: what ``save`` returned; slots may be nested lists, as JSON has them.
            theta: the parameters it goes on with.

        Raises:
            RecordError: another method, another size, a slot too many or too few.
        """
        return restored(self.name, self.fitted(theta).begin(theta), came)

    # What is done for every method.

    @property
    def asks_once(self) -> bool:
        """Whether an update asks for one gradient, where ``at`` says."""
        return self.needs != "objective" and type(self).update is Optimizer.update

    @property
    def takes_gradients_as_they_are(self) -> bool:
        """Whether there is nothing to clip, to turn round or to decay."""
        clips = self.clip_value is not None or self.clip_norm is not None
        return nothing(self.weight_decay) and not clips and not self.maximize

    def regular(
        self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], rate: Any, context: StepContext
    ) -> Gradient:
        """The gradient with its sign and coupled decay; decoupled decay shrinks theta on the spot."""
        if self.maximize:
            g = -g
        lam = self.weight_decay
        if nothing(lam):
            return g
        # Coupled decay is a part of the gradient and meets momentum and scaling; decoupled decay meets
        # neither.
        if self.decay == "coupled":
            point: Theta = self.point(theta, workspace, context)
            return g.add(point, alpha=lam) if isinstance(lam, float) else g + lam * point
        pull = rate * lam
        if isinstance(pull, Tensor):
            theta.sub_(pull * theta)
        else:
            theta.sub_(theta, alpha=pull)
        return g
