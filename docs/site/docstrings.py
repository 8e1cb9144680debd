"""What mkdocstrings reads of the package: docstrings in the shape that it expects, and properties as one table a class."""

import re
import textwrap
from typing import Any

import griffe

# An example that stands among the text, up to the next empty line.
AMONG_TEXT = re.compile(r"^>>> .+?(?=\n[ \t]*\n|\Z)", re.MULTILINE | re.DOTALL)
# What a class's own text ends before.
AFTER_TEXT = re.compile(r"^(?:Args:|Raises:|Example:|Documentation: )|\Z", re.MULTILINE)


class Docstrings(griffe.Extension):
    """The package, once it is read."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        rewrite(pkg)


def rewrite(item: griffe.Object) -> None:
    if item.docstring:
        text = item.docstring.value
        if isinstance(item, griffe.Class):
            text = with_properties(text, item)
        text = re.sub(r"^Documentation: (\S+)$", r"[Documentation](\1)", text, flags=re.MULTILINE)
        # The section has its plural, and what stands among the text is a block of code.
        text = re.sub(r"^Example:$", "Examples:", text, flags=re.MULTILINE)
        item.docstring.value = AMONG_TEXT.sub(lambda example: f"```pycon\n{example[0]}\n```", text)
    for member in item.members.values():
        if isinstance(member, griffe.Object):
            rewrite(member)


def with_properties(text: str, item: griffe.Class) -> str:
    """A heading each would fill the search with names that say no more than their line."""
    lines = ""
    for member in list(item.members.values()):
        described = member.docstring.value if member.docstring else ""
        if isinstance(member, griffe.Attribute) and member.is_public and described and ">>>" not in described:
            lines += f"    {member.name} ({member.annotation}): {textwrap.indent(described, ' ' * 8).strip()}\n"
            item.del_member(member.name)
    if not lines:
        return text
    at = AFTER_TEXT.search(text)
    place = at.start() if at else len(text)
    return f"{text[:place].rstrip()}\n\nAttributes:\n{lines}\n{text[place:]}"
