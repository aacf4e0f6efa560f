"""A browser without a window that draws for us: it answers in time or is given up, and leaves nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from soloneuron.errors import InputError

if TYPE_CHECKING:
    from choreographer import Browser

OPENED_IN = 60.0
"""Seconds that a browser has for its first answer; two are enough on a machine at rest."""

DRAWN_IN = 300.0
"""Seconds in which everything must be drawn."""


@asynccontextmanager
async def browser_open(browser: Browser) -> AsyncIterator[None]:
    """A browser that answers, closed whatever happens.

    ``async with browser`` itself waits for ever for one that is silent, and does not close one that ended
    at once: a thread that reads what it says then keeps the program from ending.

    Args:
        browser: choreographer's, or one that is made of it, not yet open.

    Raises:
        OSError: it did not answer in time, or could not be started.
        RuntimeError: it ended at once.
    """
    try:
        async with asyncio.timeout(OPENED_IN):
            await _open(browser)
        yield
    except BaseException:
        _end(browser)
        raise
    finally:
        await browser.close()


async def _open(browser: Browser) -> None:
    """Open a browser; whoever is cancelled meanwhile hears of that, not of a browser that failed."""
    try:
        await browser.open()
    except RuntimeError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None
        raise


def drawn_by_browser(work: Coroutine[Any, Any, bytes], refusal: InputError) -> bytes:
    """What a browser makes.

    Args:
        work: what is done with it.
        refusal: what is raised where no browser does it.

    Raises:
        InputError: the refusal.
    """
    logging.disable()  # what a browser complains of is not for the reader of one line
    try:
        return asyncio.run(_in_time(work))
    except (RuntimeError, OSError):
        raise refusal from None
    finally:
        logging.disable(logging.NOTSET)


async def _in_time(work: Coroutine[Any, Any, bytes]) -> bytes:
    async with asyncio.timeout(DRAWN_IN):
        return await work


def _end(browser: Browser) -> None:
    """End a browser and all that it has started: asked politely, one that does not answer stays."""
    process = getattr(browser, "subprocess", None)
    if process is None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
        else:
            process.kill()
    process.wait()
