"""What mkdocstrings reads of the package: a docstring's examples as it expects them."""

import re
from typing import Any

import griffe

# An example that stands among the text, up to the next empty line.
AMONG_TEXT = re.compile(r"^>>> .+?(?=\n[ \t]*\n|\Z)", re.MULTILINE | re.DOTALL)


class Examples(griffe.Extension):
    """Their section has its plural, and those among the text are blocks of code."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        rewrite(pkg)


def rewrite(item: griffe.Object) -> None:
    if item.docstring:
        text = re.sub(r"^Example:$", "Examples:", item.docstring.value, flags=re.MULTILINE)
        item.docstring.value = AMONG_TEXT.sub(lambda example: f"```pycon\n{example[0]}\n```", text)
    for member in item.members.values():
        if isinstance(member, griffe.Object):
            rewrite(member)
