"""The processes of a torch.distributed group, as ``formulas.sharded`` asks them."""

from __future__ import annotations

import os

import torch
import torch.distributed as dist
from torch import Tensor

from soloneuron.errors import InputError, ProcessError


class Processes:
    """The default group of torch.distributed: gloo for rows in memory, nccl for rows on GPUs.

    Attributes:
        rank: which of them this is, from 0.
        size: how many there are.
    """

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self._on_gpu = dist.get_backend() == "nccl"
        self._parent = os.getppid()

    @staticmethod
    def current() -> Processes:
        """The group that this process is in.

        Raises:
            InputError: it is in none.
        """
        if not (dist.is_available() and dist.is_initialized()):
            raise InputError(
                "shard needs a process group, got none: start with torchrun and call "
                "torch.distributed.init_process_group('gloo') first",
                code="processes.group",
            )
        return Processes()

    def gather(self, mine: Tensor) -> list[Tensor]:
        """The tensors of all, in the order of ranks.

        Raises:
            ProcessError: another process has died, or has not answered within the group's time-out.
        """
        if os.getppid() != self._parent:
            raise ProcessError(
                f"process {self.rank} of {self.size} must not outlive who started it: it stops",
                code="processes.parent",
            )
        there = mine.cuda() if self._on_gpu else mine.contiguous()
        parts = [torch.empty_like(there) for _ in range(self.size)]
        try:
            dist.all_gather(parts, there)
        except RuntimeError as fault:
            raise ProcessError(
                f"every process must answer the others, but process {self.rank} of {self.size} has lost one: "
                f"it died or took too long; start all of them again",
                code="processes.lost",
                rank=self.rank,
                size=self.size,
            ) from fault
        return [part.to(mine.device) for part in parts] if self._on_gpu else parts
