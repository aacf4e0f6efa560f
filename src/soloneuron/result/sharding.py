"""``shard``: rows spread over processes."""

from __future__ import annotations

from typing import Any

from soloneuron.training.sharding.processes import Processes
from soloneuron.training.sharding.shards import sharded


def shard(rows: Any) -> Any:
    """Spread rows over the processes of a torch.distributed group: each keeps its own, all train together.

    Every process calls it with the same rows, and then ``fit`` with what it returns; labels,
    ``sample_weight`` and everything else are those of all rows, as in one process. The result is the same Run
    in every process.

    Numerics: gradients, losses, accuracies and Hessians are sums over blocks of rows, which are added in one
    fixed tree; blocks depend on the shape of the rows alone. So the digits are the same for any number of
    processes, and those of one process without a group; per-sample descent of the log loss and L-BFGS at
    kinks, which have ways of their own there, agree to 1e-12. Rows of fewer than eight blocks (32 MB in 64
    bits) every process takes for itself. Batches of a part of the rows are gathered from the processes that
    hold them, some batches at a time.

    Args:
        rows: features, n rows of d finite numbers, dense or sparse, such as a memory-mapped array; a tuple
            (features, labels); or a Dataset.

    Returns:
        The same, with the features spread.

    Raises:
        InputError: there is no process group; processes have different rows, columns, labels or versions of
            the code, and which of them is named; there are fewer rows than processes.
        ProcessError: another process has died, or has not answered within the group's time-out.

    Example:
        >>> import os, torch.distributed as dist
        >>> from datetime import timedelta
        >>> os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
        >>> store = dist.HashStore()
        >>> dist.init_process_group("gloo", store=store, rank=0, world_size=1, timeout=timedelta(seconds=60))
        >>> from soloneuron import fit
        >>> X, y = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], [1, 0, 0]
        >>> fit(shard((X, y)), epochs=2).theta.equal(fit(X, y, epochs=2).theta)
        True
        >>> dist.destroy_process_group()
    """
    return sharded(rows, Processes.current())
