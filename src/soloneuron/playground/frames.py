"""One moment of a race as bytes: weights, not surfaces, so that a frame stays below 1 kB.

Little-endian: u32 step, u32 steps recorded so far, u16 runners, u16 columns, u32 zero; then the race's table
row by row in float32.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import torch
from torch import Tensor

HEAD = struct.Struct("<IIHHI")


class Frame(NamedTuple):
    """What a frame says.

    Attributes:
        step: the moment.
        recorded: how many steps can be seen without computing.
        table: (runners, columns), as ``Race.table`` describes it.
    """

    step: int
    recorded: int
    table: Tensor


def pack(frame: Frame) -> bytes:
    """The bytes of a frame."""
    rows, columns = frame.table.shape
    body: bytes = frame.table.to(torch.float32).contiguous().numpy().astype("<f4").tobytes()
    return HEAD.pack(frame.step, frame.recorded, rows, columns, 0) + body


def unpack(raw: bytes) -> Frame:
    """The frame of some bytes."""
    step, recorded, rows, columns, _ = HEAD.unpack_from(raw)
    table = torch.frombuffer(bytearray(raw[HEAD.size :]), dtype=torch.float32)
    return Frame(step, recorded, table.view(rows, columns))
