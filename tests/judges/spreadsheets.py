"""What openpyxl and LibreOffice see in a workbook, each by itself."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


@dataclass(frozen=True)
class Cell:
    """A cell as LibreOffice has it."""

    kind: str | None
    """``float``, ``percentage``, ``date``, ``string``, ``boolean``; none where it is empty."""
    value: str
    link: str | None
    formula: str | None


EMPTY = Cell(None, "", None, None)


def converted(file: Path, kind: str, *, options: str = "") -> Path:
    """The file as LibreOffice saves it, with a profile of its own, so that no other run is in its way."""
    folder = file.parent / f"{file.name}.{kind}"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(file.parent / 'libreoffice').as_uri()}",
            "--headless",
            *([f"--infilter={options}"] if options else []),
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (made,) = folder.iterdir()
    return made


def sheets(file: Path, *, options: str = "") -> dict[str, list[list[Cell]]]:
    """The sheets by their names, as LibreOffice reads them."""
    tree = ElementTree.parse(converted(file, "fods", options=options))
    return {table.get(f"{TABLE}name", ""): list(_rows(table)) for table in tree.iter(f"{TABLE}table")}


def _rows(table: ElementTree.Element):
    for row in table.iter(f"{TABLE}table-row"):
        cells: list[Cell] = []
        for cell in row:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            cells += [_cell(cell)] * min(repeated, 64)
        while cells and cells[-1] == EMPTY:
            cells.pop()
        if cells:
            yield cells


def _cell(cell: ElementTree.Element) -> Cell:
    kind = cell.get(f"{OFFICE}value-type")
    link = next((link.get(f"{XLINK}href") for link in cell.iter(f"{TEXT}a")), None)
    if kind == "date":
        value = cell.get(f"{OFFICE}date-value", "")
    elif kind in ("float", "percentage"):
        value = cell.get(f"{OFFICE}value", "")
    else:
        value = "\n".join(map(_text, cell.findall(f"{TEXT}p")))
    return Cell(kind, value, link, cell.get(f"{TABLE}formula"))


def _text(element: ElementTree.Element) -> str:
    """The text of a paragraph: runs of spaces and tabs are elements of their own."""
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", "1"))
        elif child.tag == f"{TEXT}tab":
            text += "\t"
        else:
            text += _text(child)
        text += child.tail or ""
    return text
