"""Engines: some epochs at once, as fast as the shape of the work allows.

``Stepwise`` drives any kernel by any rule; with the objective itself for a kernel it is the definition, and
everything else gives its numbers to 1e-12. The fused loops know plain descent, and that of few rows Newton's
method; they stay where they pay at least 1.5 times.
"""

from __future__ import annotations

from soloneuron.formulas.losses import NLL
from soloneuron.formulas.sparse import is_sparse
from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.training.engine import Engine
from soloneuron.training.engines.blocks import Blocks
from soloneuron.training.engines.fullbatch import FullBatch
from soloneuron.training.engines.minibatch import MiniBatch
from soloneuron.training.engines.newton_scalars import NewtonScalars
from soloneuron.training.engines.pieces import Pieces
from soloneuron.training.engines.scalars import Scalars
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.engines.sweeps import Sweeps
from soloneuron.training.kernels.all_rows import AllRows
from soloneuron.training.kernels.batches import Batches
from soloneuron.training.kernels.in_place import RowsInPlace
from soloneuron.training.kernels.kernel import Kernel
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.run_batches import RunBatches
from soloneuron.training.kernels.sparse import SparseRows
from soloneuron.training.kernels.whole import WholeBatch
from soloneuron.training.plan import Plan
from soloneuron.training.run_axes import with_one_axis

__all__ = [
    "Blocks",
    "FullBatch",
    "MiniBatch",
    "NewtonScalars",
    "Pieces",
    "Scalars",
    "Stepwise",
    "Sweeps",
    "choose",
]


def choose(plan: Plan) -> Engine:
    """The fastest engine for a plan, prepared for it."""
    if Pieces.suits(plan):
        return Pieces(plan, choose)
    if not _can_be_laid_out(plan):
        return Stepwise(plan)
    layout = RowLayout(with_one_axis(plan))
    if is_sparse(layout.X):
        return Stepwise(plan, AllRows(plan, SparseRows(layout, plan.runs)) if plan.full_batch else None)
    if tiled(layout.X) is not None:
        return _of_tiles(plan, layout)
    fused = _of_many(plan, layout) if plan.runs else _of_one(plan, layout)
    return Stepwise(plan, _kernel(plan, layout)) if fused is None else fused


def _can_be_laid_out(plan: Plan) -> bool:
    """Whether these are the rows of a neuron, and the same batches for all runs.

    Layouts, buffers and threads are made for processors and their caches: on another device the objective's
    own long operations serve.
    """
    if not isinstance(plan.objective, Neuron) or plan.data is None or not plan.columns:
        return False
    return plan.data.features.device.type == "cpu" and not plan.seeds_differ


def _kernel(plan: Plan, layout: RowLayout) -> Kernel | None:
    """What any rule may drive; None where only the objective itself will do."""
    if plan.full_batch:
        if RowsInPlace.suits(plan):
            standing = RowsInPlace(layout, lambda: plan.hessian_coordinates)
            return AllRows(plan, standing, standing)
        rows = WholeBatch(plan, layout)
        return AllRows(plan, rows, rows.curvature)
    if plan.runs:
        return RunBatches(plan, layout)
    # The value of a gathered batch is known only when its buffer is done.
    return Batches(plan, layout) if plan.optimizer.asks_once else None


def _of_tiles(plan: Plan, layout: RowLayout) -> Engine:
    """Rows in tiles: no engine that puts them all into one matrix."""
    if not plan.full_batch and plan.runs:
        return Stepwise(plan)
    if not plan.full_batch and plan.plain:
        return MiniBatch(plan, Batches(plan, layout))
    whole = layout.sharded is None and len(layout.cuts()) == 1
    if whole and plan.plain and not plan.runs and layout.neuron.penalty is None:
        return FullBatch(plan, layout)
    return Stepwise(plan, _kernel(plan, layout))


def _of_one(plan: Plan, layout: RowLayout) -> Engine | None:
    """A fused loop of plain descent, or of Newton's method on a few rows, for one run."""
    if not plan.plain:
        fits = NewtonScalars.suits(plan, layout)
        return NewtonScalars(plan, layout, lambda: Stepwise(plan, _kernel(plan, layout))) if fits else None
    simple = layout.folded and layout.weights is None and layout.neuron.penalty is None
    whole = layout.sharded is None
    if whole and simple and type(layout.loss) is NLL:
        if Scalars.suits(plan):
            return Scalars(plan, layout, layout.matrix())
        if Blocks.suits(plan):
            return Blocks(plan, layout, layout.matrix())
    if not plan.full_batch:
        return MiniBatch(plan, Batches(plan, layout))
    if whole and layout.neuron.penalty is None and len(layout.cuts()) == 1:
        return FullBatch(plan, layout)
    return None


def _of_many(plan: Plan, layout: RowLayout) -> Engine | None:
    """A fused loop of plain descent for many runs that share one order of rows."""
    if not plan.plain or not layout.folded:
        return None
    return Sweeps(plan, layout, layout.matrix())
