"""How memory is kept: a night is many short peaks in many threads."""

import ctypes
import gc
import os

_POLARS = "_RJEM_MALLOC_CONF"  # its jemalloc reads this when it is loaded
_AHEAD = "POLARS_ROW_GROUP_PREFETCH_KBYTES_BUDGET"
_AHEAD_KB = 8192
_PIECE = "POLARS_IDEAL_MORSEL_SIZE"
_ROWS_OF_A_PIECE = 16_384
_M_ARENA_MAX = -8  # malloc.h of glibc
_KEPT_MS = 200
_ARENAS = 2
_OBJECTS, _YOUNG = 100_000, 20  # made and not freed before a look; looks before a longer one


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


def read_little_ahead() -> None:
    """To be called before Polars reads; who sets either by the environment is left alone.

    By itself Polars fetches so many row groups ahead that a day of a big bank's rows is held
    whole. With a few megabytes of them it reads as fast. And some sixty pieces of 100,000 rows
    wait between its steps where the last of them is slow: a gigabyte of bank rows. Of smaller
    pieces as many wait, which takes no longer.
    """
    os.environ.setdefault(_AHEAD, str(_AHEAD_KB))
    os.environ.setdefault(_PIECE, str(_ROWS_OF_A_PIECE))


def collect_rarely() -> None:
    """Look for cycles of garbage less often than Python does by itself.

    There are few of them, and each look goes through what the libraries have made, which is a
    lot: a fifth of the time that a night spends in Python, a fifteenth of reading a statement.
    """
    gc.set_threshold(_OBJECTS, _YOUNG, _YOUNG)
