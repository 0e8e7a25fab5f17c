"""A tagged PDF as a screen reader meets it: structure elements with their texts, in order."""

from collections.abc import Iterator
from ctypes import c_ushort
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Element:
    """One structure element: its type (H1, Table, TD, Figure), its text, its alternative text."""

    kind: str
    text: str
    alt: str
    language: str
    scope: str
    children: tuple["Element", ...]

    def all(self, *kinds: str) -> Iterator["Element"]:
        """Elements of these types below this one, in order of reading."""
        for child in self.children:
            if child.kind in kinds:
                yield child
            yield from child.all(*kinds)


def elements(pdf: bytes) -> Element:
    """The root of the structure of a PDF."""
    texts = _texts(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {page.objgen: number for number, page in enumerate(document.pages)}
        root = document.Root.StructTreeRoot
        return _element(root, None, pages, texts)


def _texts(pdf: bytes) -> dict[tuple[int, int], str]:
    """Text by page and by number of its marked content."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        text_page = page.get_textpage()
        for item in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
            marked = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
            length = pdfium.FPDFTextObj_GetText(item.raw, text_page.raw, None, 0)
            buffer = (c_ushort * (length // 2))()
            pdfium.FPDFTextObj_GetText(item.raw, text_page.raw, buffer, length)
            text = bytes(buffer).decode("utf-16-le").rstrip("\0")
            found[number, marked] = found.get((number, marked), "") + text
        page.close()
    document.close()
    return found


def _element(item, page, pages, texts) -> Element:
    page = item.get("/Pg", page)
    kids = item.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    text, children = "", []
    for kid in kids:
        if isinstance(kid, int):
            text += texts.get((pages[page.objgen], int(kid)), "")
        elif kid.get("/Type") == "/MCR":
            text += texts.get((pages[kid.get("/Pg", page).objgen], int(kid.MCID)), "")
        elif kid.get("/Type") != "/OBJR":
            child = _element(kid, page, pages, texts)
            children.append(child)
            text += child.text
    attributes = item.get("/A", {})
    attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    scopes = [str(a.get("/Scope", "")) for a in attributes if isinstance(a, pikepdf.Dictionary)]
    return Element(
        kind=str(item.get("/S", "Root")).lstrip("/"),
        text=text,
        alt=str(item.get("/Alt", "")),
        language=str(item.get("/Lang", "")),
        scope="".join(scopes),
        children=tuple(children),
    )
