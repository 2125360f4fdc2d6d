"""The action, our own workflows and those of the examples, read by tools that know the rules."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.actions.workflows import EXAMPLES, ROOT, TOOLS

pytestmark = pytest.mark.integration
ACTION = ROOT / "action.yml"
OWN = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
HANDED_OUT = sorted(EXAMPLES.rglob(".github/workflows/*.y*ml"))
STUBS = sorted((Path(__file__).parent / "actions" / "stubs").glob("*/action.yml"))
ZIZMOR = ["--offline", "--quiet", "--config", str(ROOT / ".github" / "zizmor.yml")]


def lint(tool: str, *arguments: str | Path) -> None:
    """Run a tool, and fail with all it says where it finds anything."""
    ended = subprocess.run(
        [str(TOOLS / tool), *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_there_is_something_to_lint() -> None:
    assert ACTION.is_file()
    assert OWN
    assert len(HANDED_OUT) == 3


def test_the_schemas_of_actions_and_workflows_hold() -> None:
    lint("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION, *STUBS)
    lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *OWN, *HANDED_OUT)


def test_zizmor_finds_nothing_unsafe() -> None:
    lint("zizmor", *ZIZMOR, ACTION, *OWN, *HANDED_OUT)


def test_zizmor_would_have_found_an_input_in_a_shell_line(tmp_path: Path) -> None:
    text = ACTION.read_text()
    unsafe = text.replace("action/install.sh\"'", "action/install.sh\" ${{ inputs.config }}'")
    (tmp_path / "action.yml").write_text(unsafe)

    assert unsafe != text
    with pytest.raises(AssertionError, match="template-injection"):
        lint("zizmor", *ZIZMOR, tmp_path / "action.yml")


def test_jactionlint_finds_no_mistake() -> None:
    lint("jactionlint", ACTION, *OWN)
    lint("jactionlint", "--profile", "correctness", *HANDED_OUT)


@pytest.mark.parametrize("path", [ACTION, *OWN, *HANDED_OUT], ids=lambda path: path.parent.name)
def test_nothing_of_others_is_used_at_a_version_that_can_move(path: Path) -> None:
    used = re.findall(r"uses: +(\S+)@(\S+)", path.read_text())
    ours = ("gradmark/gradmark", "your-org/classroom50/")

    moving = [name for name, ref in used if not re.fullmatch("[0-9a-f]{40}", ref)]

    assert used
    assert not [name for name in moving if not name.startswith(ours)]


@pytest.mark.parametrize(
    "path", [*OWN, *HANDED_OUT], ids=lambda path: path.parent.parent.parent.name
)
def test_workflows_are_given_no_more_than_they_need(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", [])]
    checkouts = [one for one in steps if one.get("uses", "").startswith("actions/checkout@")]

    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in path.read_text()
    assert "secrets" not in path.read_text()
    assert all(one["with"]["persist-credentials"] is False for one in checkouts)
    assert all("timeout-minutes" in job for job in workflow["jobs"].values() if "steps" in job)


@pytest.mark.parametrize("script", sorted(ROOT.glob("action/*.sh")), ids=lambda path: path.name)
def test_shell_scripts_are_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=20)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", str(script)], check=True, timeout=60)

    assert os.access(script, os.X_OK)


def test_the_workflows_of_the_documentation_are_those_of_the_examples() -> None:
    documentation = (ROOT / "docs" / "github.md").read_text()
    workflows = sorted(EXAMPLES.glob("**/.github/workflows/*.y*ml"))

    assert len(workflows) == 3
    assert all(f"```yaml\n{path.read_text()}```\n" in documentation for path in workflows)
