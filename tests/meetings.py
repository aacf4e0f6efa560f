"""What torch is asked for: how often at all, and how often for a number to go from a device to the host."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class Meetings(TorchDispatchMode):
    """Counts numbers that are read while it is on.

    Args:
        wanted: of a 0-d tensor, whether reading it counts.
    """

    def __init__(self, wanted=lambda number: True):  # noqa: ARG005
        super().__init__()
        self.wanted, self.count = wanted, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function is torch.ops.aten._local_scalar_dense.default and self.wanted(args[0])
        return function(*args, **kwargs or {})


class Operations(TorchDispatchMode):
    """Counts what torch is asked for while it is on."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += 1
        return function(*args, **kwargs or {})
