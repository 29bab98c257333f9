"""No process of ours goes on without the one that looks after it."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(signum: signal.Signals = signal.SIGTERM) -> None:
    """Have the system send this process a signal when its parent ends, however that ends.

    More exactly, when the thread ends that started it. On Linux only.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signum)
