"""What can be wrong with a whole file."""


class Unreadable(ValueError):
    """A file cannot be read in the format, or with the columns, that its source declares."""
