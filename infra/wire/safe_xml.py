"""XML from outside, read as a stream: no entities, no DTD, no network, bounded depth and size."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from infra.wire.errors import Unreadable
from infra.wire.opened import opened

_ASK = "Nothing of it was taken. Ask the sender for the file again."


def ended(path: Path, *names: str) -> Iterator[etree._Element]:
    """Each element with one of these local names, in any namespace, once it is complete.

    Elements are the caller's to `clear()`; a parent must not be needed after its children.

    Raises:
        Unreadable: not well-formed, cut off, with a DTD, or beyond libxml2's limits (depth
            256, 10 MB in one text).
    """
    with opened(path) as file:
        try:
            events = etree.iterparse(
                file,
                events=("end",),
                tag=[f"{{*}}{name}" for name in names],
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in events:
                _refuse_dtd(element, path)
                yield element
        except etree.XMLSyntaxError as error:
            raise Unreadable(
                f"{path.name} is not well-formed XML: {error.msg}, line {error.lineno}. {_ASK}"
            ) from None


def _refuse_dtd(element: etree._Element, path: Path) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(f"{path.name} carries a document type declaration. {_ASK}")


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
