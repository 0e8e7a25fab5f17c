"""Freed memory goes back to the machine at once: a night is many short peaks in many threads."""

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

_POLARS = "_RJEM_MALLOC_CONF"  # its jemalloc reads this when it is loaded
_M_ARENA_MAX = -8  # malloc.h of glibc
_KEPT_MS = 200
_ARENAS = 2
_OBJECTS = 200_000  # made and not freed, before a look


def give_back_early() -> None:
    """To be called before Polars is imported; elsewhere than on Linux it changes nothing.

    By default Polars keeps what it freed for ten seconds, and glibc an arena for each of the
    threads: a fifth of the peak of a night. What is given back at once is asked for again at
    once, which costs the kernel as much time as a fifth of the night; a moment's wait spares most
    of it. Who sets either by the environment is left alone.
    """
    os.environ.setdefault(_POLARS, f"dirty_decay_ms:{_KEPT_MS},muzzy_decay_ms:0")
    if "MALLOC_ARENA_MAX" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cycles of garbage rarely in the block: for code that makes many tuples and none.

    Of reading a big statement, looking for them is a fifteenth. A block within a block, or in
    another thread, ends when the first of them does.
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(_OBJECTS, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
