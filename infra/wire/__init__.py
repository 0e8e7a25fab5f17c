"""Files as institutions send them → frames of text, one row a delivered row.

A reader adds nothing and judges nothing but this: can the file be read at all, and has it the
columns that its feed declares. Cells stay text; they are read once, in `transforms/feeds`.
"""

from infra.wire.errors import Unreadable
from infra.wire.reading import File, counted_rows, summed, wire_rows

__all__ = ["File", "Unreadable", "counted_rows", "summed", "wire_rows"]
