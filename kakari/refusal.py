"""How a command refuses: with a sentence and an exit code, never with a traceback."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

from errors import KakariError
from kakari.terminal import say

P = ParamSpec("P")


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Show a KakariError as its sentence, and end with exit code 1: never a traceback."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KakariError as error:
            give_up(error, 1)

    return guarded


def give_up(error: KakariError, code: int) -> NoReturn:
    say(f"kakari: {error}", err=True, colour="red")
    sys.exit(code)
