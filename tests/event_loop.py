"""An event loop of a test's own: the browser's tests leave one running in their runner's thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def play(story: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns, run in a loop and a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()
