"""Every public item says what it does, and every example runs, in both clients."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import io
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import pytest
import zendesk_csat
import zendesk_csat.testing
import zendesk_csat.types
from zendesk_csat import AsyncClient, Client, History
from zendesk_csat.testing import Emulator

MODULES = (zendesk_csat, zendesk_csat.testing, zendesk_csat.types)


def public() -> Iterator[tuple[str, Any]]:
    """Modules, classes and what they define."""
    for module in MODULES:
        yield module.__name__, module
        for name in module.__all__:
            item = getattr(module, name)
            if not inspect.isclass(item):
                continue
            yield name, item
            for attribute, member in vars(item).items():
                documented = callable(member) or isinstance(member, property | classmethod)
                if not attribute.startswith("_") and (documented or inspect.isdatadescriptor(member)):
                    yield f"{name}.{attribute}", getattr(member, "__func__", member)
    with Emulator(tickets=1) as emulator, emulator.client() as client:
        for kind, made in (("Client", client), ("AsyncClient", emulator.async_client())):
            for name, member in vars(made).items():
                if type(member).__module__.endswith("client"):
                    yield from members(f"{kind}.{name}", type(member))
                    raw = getattr(member, "with_raw_response", None)
                    if raw is not None:
                        yield from members(f"{kind}.{name}.with_raw_response", type(raw))


def members(path: str, resource: type) -> Iterator[tuple[str, Any]]:
    """A resource, its calls and its properties."""
    yield f"{path} itself", resource
    for name, member in vars(resource).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            yield f"{path}.{name}", member


ITEMS = dict(public())
EXAMPLES = {
    name: doctest.DocTestParser().get_doctest(item.__doc__, {}, name, None, None)
    for name, item in ITEMS.items()
    if ">>>" in (item.__doc__ or "")
}


def test_everything_is_documented() -> None:
    typed_dicts = ("Input",)
    missing = [
        name
        for name, item in ITEMS.items()
        if not (item.__doc__ or "").strip() and not name.partition(".")[0].endswith(typed_dicts)
    ]
    assert missing == []


def test_every_class_and_method_has_an_example() -> None:
    missing = [
        name
        for name, item in ITEMS.items()
        # A resource's calls have one each, and `with_raw_response` one for all of its own.
        if not (inspect.isdatadescriptor(item) or name.endswith(" itself") or ".with_raw_response." in name)
        and name not in EXAMPLES
    ]
    assert missing == []
    assert sum(name.count(".") == 2 and callable(ITEMS[name]) for name in EXAMPLES) == 44


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_an_example_is_more_than_its_import(name: str) -> None:
    sources = [example.source for example in EXAMPLES[name].examples]
    assert any(not source.startswith(("from ", "import ")) for source in sources)


@pytest.fixture(scope="module")
def namespace() -> Iterator[dict[str, Any]]:
    kept = {name: os.environ.get(name) for name in ("ZENDESK_SUBDOMAIN", "ZENDESK_OAUTH_TOKEN")}
    with Emulator(seed=7, tickets=200) as zendesk, zendesk.client() as client:
        history = History(":memory:")
        client.sync(history)
        yield {"zendesk": zendesk, "client": client, "history": history}
    for name, value in kept.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("Async")])
def test_examples_run(name: str, namespace: dict[str, Any]) -> None:
    example = EXAMPLES[name]
    example.globs = dict(namespace)
    said = io.StringIO()
    doctest.DocTestRunner().run(example, out=said.write)
    assert said.getvalue() == ""


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("Async")])
def test_asynchronous_examples_run(name: str, namespace: dict[str, Any]) -> None:
    """As in ``python -m asyncio``: with ``await`` at the top."""

    async def run() -> None:
        async with namespace["zendesk"].async_client() as client:
            names = namespace | {"client": client}
            for example in EXAMPLES[name].examples:
                tree = ast.parse(example.source)
                last = tree.body[-1]
                if isinstance(last, ast.Expr):
                    show = ast.parse("_shown = 0").body[0]
                    assert isinstance(show, ast.Assign)
                    show.value = last.value
                    tree.body[-1] = ast.copy_location(show, last)
                    ast.fix_missing_locations(tree)
                code = compile(tree, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                names["_shown"] = None
                said = io.StringIO()
                with redirect_stdout(said):
                    running = eval(code, names)
                    if inspect.iscoroutine(running):
                        await running
                shown = names["_shown"]
                output = said.getvalue() + ("" if shown is None else f"{shown!r}\n")
                assert output == example.want, example.source

    asyncio.run(run())


def test_the_two_clients_are_the_two_examples() -> None:
    assert {name.partition(".")[0] for name in EXAMPLES} >= {Client.__name__, AsyncClient.__name__}
