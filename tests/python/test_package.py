"""What is installed, and what an index would get."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
import zendesk_csat

ROOT = Path(__file__).parents[2]
INSTALLED = distribution("zendesk-csat")


def test_it_needs_nothing_but_what_extras_ask_for() -> None:
    requirements = INSTALLED.requires or []
    assert requirements and all("extra ==" in requirement for requirement in requirements)
    assert set(INSTALLED.metadata.get_all("Provides-Extra") or []) >= {"pandas", "polars"}
    assert INSTALLED.metadata["Requires-Python"] == ">=3.11"
    assert INSTALLED.version == zendesk_csat.__version__


def test_the_metadata_says_what_it_is() -> None:
    classifiers = INSTALLED.metadata.get_all("Classifier") or []
    assert {"Typing :: Typed", "Framework :: AsyncIO"} <= set(classifiers)
    assert INSTALLED.metadata["Description-Content-Type"].startswith("text/markdown")
    assert INSTALLED.metadata["License-Expression"] == "(MIT OR Apache-2.0) AND MPL-2.0"
    urls = dict(url.split(", ", 1) for url in INSTALLED.metadata.get_all("Project-URL") or [])
    assert all(url.startswith("https://") for url in urls.values()) and urls


def test_the_command_and_the_fixture_are_entry_points() -> None:
    points = {(point.group, point.name): point.value for point in INSTALLED.entry_points}
    assert points["console_scripts", "zendesk-csat"] == "zendesk_csat.__main__:main"
    assert points["pytest11", "zendesk_csat"] == "zendesk_csat.pytest_plugin"


def test_licences_and_types_come_along() -> None:
    files = {path.name: path for path in INSTALLED.files or []}
    assert {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.md", "py.typed", "_core.pyi"} <= files.keys()
    notice = files["THIRD-PARTY-NOTICES.md"].read_text(encoding="utf-8")
    assert "progenitor-client" in notice and "Mozilla Public License, version 2.0" in notice
    # The notice names the version that is built in.
    locked = re.search(r'name = "progenitor-client"\nversion = "([^"]+)"', (ROOT / "Cargo.lock").read_text())
    assert locked and f"progenitor-client {locked[1]}" in notice


def test_one_wheel_serves_every_later_python() -> None:
    tags = re.findall(r"^Tag: (.*)$", INSTALLED.read_text("WHEEL") or "", re.MULTILINE)
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        # The stable ABI is not there: the wheel is of this interpreter.
        assert tags and all("abi3" not in tag for tag in tags)
        assert not sys._is_gil_enabled()  # type: ignore[attr-defined,unused-ignore] # pyright: ignore
    else:
        assert tags and all(tag.startswith("cp311-abi3-") for tag in tags)


@pytest.mark.skipif(shutil.which("cargo") is None, reason="maturin asks cargo what belongs to the package")
def test_the_source_distribution_is_whole(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "maturin", "sdist", "--manifest-path", "python/Cargo.toml", "--out", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (archive,) = tmp_path.iterdir()
    with tarfile.open(archive) as held:
        names = {name.partition("/")[2] for name in held.getnames()}
    crates = ("zendesk-csat", "zendesk-csat-codegen", "zendesk-csat-history", "zendesk-csat-emulator", "zendesk-csat-cli")
    assert {f"crates/{crate}/Cargo.toml" for crate in crates} <= names
    assert {"Cargo.lock", "pyproject.toml", "PKG-INFO", "THIRD-PARTY-NOTICES.md", "crates/zendesk-csat/openapi.json"} <= names
    # What is read while it is built is in the crate that reads it.
    for crate in crates:
        for source in (ROOT / "crates" / crate).rglob("*.rs"):
            if "tests" in source.parts:
                continue
            for included in re.findall(r'include_(?:str|bytes)!\("([^"]+)"\)', source.read_text(encoding="utf-8")):
                path = (source.parent / included).resolve().relative_to(ROOT.resolve()).as_posix()
                assert path in names, f"{source}: {included}"
