"""What is installed from PyPI is locked with hashes, and every lock is of the list beside it."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LISTS = sorted(path for folder in ("docs", "packaging", "tests") for path in (ROOT / folder).rglob("requirements*.in"))


def versions(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", text, re.MULTILINE))


def test_every_lock_has_its_list():
    locks = {path for folder in ("docs", "packaging", "tests") for path in (ROOT / folder).rglob("requirements*.txt")}
    assert locks == {path.with_suffix(".txt") for path in LISTS}
    assert len(LISTS) >= 6


@pytest.mark.parametrize("path", LISTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_has_what_its_list_names(path):
    assert versions(path.read_text())
    lock = path.with_suffix(".txt").read_text()
    assert versions(path.read_text()) <= versions(lock)
    # The command that renews it.
    assert f"--generate-hashes --no-annotate {path.relative_to(ROOT)} -o {path.relative_to(ROOT).with_suffix('.txt')}" in lock
    for package in re.split(r"\n(?=\w)", lock.partition("==")[2]):
        assert "--hash=sha256:" in package
