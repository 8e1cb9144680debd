"""actionlint and zizmor judge the workflows, hadolint the container file, shellcheck the scripts.

Every action is one commit of its repository.
"""

import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PROGRAMS = pathlib.Path(sys.executable).parent


def judge(program: str, *arguments: str | pathlib.Path) -> None:
    run = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_actionlint_finds_nothing() -> None:
    # It lets shellcheck judge each step's script.
    judge("actionlint", "-no-color", *WORKFLOWS)


def test_zizmor_finds_nothing() -> None:
    judge("zizmor", "--offline", "--no-progress", "--quiet", *WORKFLOWS)


def test_hadolint_finds_nothing() -> None:
    judge("hadolint", "packaging/container/Containerfile")


def test_shellcheck_finds_nothing(tmp_path: pathlib.Path) -> None:
    # As it is filled in: a table of checksums stands where its placeholder is.
    installer = tmp_path / "install.sh"
    template = (ROOT / "packaging/install.sh").read_text()
    installer.write_text(template.replace("@CHECKSUMS@", "    x86_64-apple-darwin) echo 00 ;;"))
    judge("shellcheck", installer, ".ci/run", ".ci/install-judges")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_a_commit_with_its_version(path: pathlib.Path) -> None:
    uses = re.findall(r"^\s*(?:- )?uses: (.+)$", path.read_text(), re.MULTILINE)
    assert uses
    for used in uses:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


def test_one_version_of_an_action_is_one_commit() -> None:
    commits: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for action, commit in re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40})", path.read_text()):
            commits.setdefault(action, set()).add(commit)
    assert all(len(found) == 1 for found in commits.values()), commits


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_job_asks_for_its_permissions_and_has_an_end(path: pathlib.Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions"), name
        assert job.get("timeout-minutes"), name


def test_every_target_of_a_release_is_built() -> None:
    source = (ROOT / "xtask/src/dependencies.rs").read_text()
    listed = re.search(r"TARGETS: \[&str; \d+\] = \[(.+?)\];", source, re.DOTALL)
    assert listed
    targets = re.findall(r'"([\w-]+)"', listed[1])
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
    built = [entry["target"] for job in ("linux", "others") for entry in jobs[job]["strategy"]["matrix"]["include"]]
    assert sorted(built) == sorted(targets)


def test_every_crate_is_published_in_order() -> None:
    source = (ROOT / "xtask/src/artifacts/crates.rs").read_text()
    listed = re.search(r"PUBLISHED: \[&str; \d+\] = \[(.+?)\];", source, re.DOTALL)
    assert listed
    steps = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]["crates-io"]["steps"]
    publishes = " ".join(step.get("run", "") for step in steps)
    assert re.findall(r"--package ([\w-]+)", publishes) == re.findall(r'"([\w-]+)"', listed[1])
