"""Freed memory goes back to the machine at once: a night is many short peaks in many threads."""

import ctypes
import os

_POLARS = "_RJEM_MALLOC_CONF"  # its jemalloc reads this when it is loaded
_M_ARENA_MAX = -8  # malloc.h of glibc
_ARENAS = 2


def give_back_early() -> None:
    """To be called before Polars is imported; elsewhere than on Linux it changes nothing.

    By default Polars keeps what it freed for ten seconds, and glibc an arena for each of the
    threads: a fifth of the peak of a night. Who sets either by the environment is left alone.
    """
    os.environ.setdefault(_POLARS, "dirty_decay_ms:0,muzzy_decay_ms:0")
    if "MALLOC_ARENA_MAX" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
