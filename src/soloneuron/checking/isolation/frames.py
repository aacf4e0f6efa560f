"""Messages through a channel: a length, then JSON. What comes from the other side is believed in nothing."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from json import dumps, loads  # whoever patches json does not patch these
from typing import Any

_LENGTH = struct.Struct(">I")

MOST_MESSAGE_BYTES = 8_000_000
"""A longer message is no message."""


class ChannelBrokenError(Exception):
    """The other side has gone, or says what is no message."""


class ChannelSilentError(Exception):
    """The other side did not answer in time."""


def frame(message: Any) -> bytes:
    r"""The bytes of a message.

    Example:
        >>> frame({"a": 1})
        b'\x00\x00\x00\x08{"a": 1}'
    """
    body = dumps(message).encode("ascii")
    return _LENGTH.pack(len(body)) + body


def read_frame(read: Callable[[int], bytes]) -> Any:
    """The next message of a stream.

    Args:
        read: gives at most so many bytes; none at the end.

    Raises:
        ChannelBrokenError: the stream has ended, or holds no message.
    """
    (length,) = _LENGTH.unpack(_whole(read, _LENGTH.size))
    if length > MOST_MESSAGE_BYTES:
        raise ChannelBrokenError(f"a message of {length} bytes")
    body = _whole(read, length)
    try:
        return loads(body)
    except (ValueError, RecursionError):
        raise ChannelBrokenError("no JSON") from None


def timed_reader(channel: socket.socket, seconds: float) -> Callable[[int], bytes]:
    """Reads of a socket until some time from now.

    Args:
        channel: the socket.
        seconds: all reads together.
    """
    deadline = time.monotonic() + seconds

    def read(most: int) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise ChannelSilentError
        channel.settimeout(left)
        try:
            return channel.recv(most)
        except TimeoutError:
            raise ChannelSilentError from None
        except OSError as fault:
            raise ChannelBrokenError(str(fault)) from None

    return read


def _whole(read: Callable[[int], bytes], size: int) -> bytes:
    parts, left = [], size
    while left:
        part = read(min(left, 1 << 16))
        if not part:
            raise ChannelBrokenError("it has ended")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
