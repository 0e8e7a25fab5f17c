"""What a script learns from the exit code of any command."""

from enum import IntEnum


class Exit(IntEnum):
    """0 to 3; the README says them too."""

    FINE = 0
    FAILED = 1
    WRONG_USE = 2
    INCOMPLETE = 3
