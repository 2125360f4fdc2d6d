"""The picture of docs/architecture.md, held: who may import whom, and who knows what."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = (
    {"rubric", "intake"},
    {"execution"},
    {"recording"},
    {"data"},
    {"observation"},
    {"scoring"},
    {"review"},
    {"reporting"},
    {"results"},
    {"exchange"},
    {"batch"},
    {"trial"},
    {"sealing"},
    {"checking"},
    {"live"},
    {"automation"},
    {"console", "arguments"},
    {"walkthrough"},
    {
        "rubric_commands",
        "data_commands",
        "review_commands",
        "check_commands",
        "export_commands",
    },
    {"cli"},
    {"start"},
)
FOUNDATIONS = {"", "faults", "log", "spared"}  # what all may import
FOR_ALL = {"grader", "grader.__version__"}
LAZILY = {"live", "execution"}  # what the package itself offers, imported when it is first used
OWNERS: dict[str, str | tuple[str, ...]] = {
    "nbclient": "execution",
    "jupyter_client": "execution",
    "jupyter_core": "execution",
    "ipykernel": "execution",
    "IPython": "execution",
    "jinja2": "reporting",
    "markupsafe": "reporting",
    "pygments": "reporting",
    "zipfile": ("recording", "data", "exchange"),
}
ASSIGNMENT_WORDS = re.compile(
    r"(?<![A-Za-z0-9])(?:hw[-_ ]?\d|ps[-_ ]?\d|softmax|dropout|relu)(?![A-Za-z])"
    r"|(?<![A-Za-z0-9_])(?:w1|w2)(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
UNSAFE_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
UNSAFE_CALLS = {"eval", "exec", "__import__"}
STEPS = "grader.execution.inside.steps"  # runs in the notebook's own process, and for it
STAND_INS = "grader.execution.inside.stand_ins"  # in the notebook's own process, too
LOADING_CALLS = {("np", "load"), ("numpy", "load"), ("npy", "read_array"), ("torch", "load")}
EMPTY_NAMES = {"helper", "helpers", "manager", "managers", "util", "utils", "gold", "truth"}
LONGEST = 300


@dataclass(frozen=True)
class Module:
    """A module's dotted name and its syntax tree."""

    name: str
    tree: ast.Module
    is_package: bool = False

    @property
    def part(self) -> str:
        """The part of the grader it belongs to: "scoring", "cli"; "" for the top."""
        return part_of(self.name)

    def imports(self) -> Iterator[str]:
        """Name every module and every name in a module that is imported, anywhere in it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{self._origin(node)}.{alias.name}" for alias in node.names)

    def _origin(self, node: ast.ImportFrom) -> str:
        if node.level == 0:
            return node.module or ""
        above = self.name.split(".")[: None if self.is_package else -1]
        above = above[: len(above) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


def part_of(name: str) -> str:
    return name.split(".")[1] if name.startswith("grader.") else ""


def modules(package: str) -> list[Module]:
    files = sorted((ROOT / package).rglob("*.py"))
    return [parsed(".".join(file.relative_to(ROOT).with_suffix("").parts), file) for file in files]


def parsed(name: str, file: Path) -> Module:
    tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return Module(name.removesuffix(".__init__"), tree, file.name == "__init__.py")


def planted(name: str, source: str) -> list[Module]:
    return [Module(name, ast.parse(source))]


GRADER = modules("grader")
REFERENCE = modules("reference")


def rank(part: str) -> int:
    """Give the place in the flow: what all may import is before it, the unknown behind it."""
    if part in FOUNDATIONS:
        return -1
    return next((number for number, parts in enumerate(ORDER) if part in parts), len(ORDER))


def against_the_flow(checked: list[Module]) -> list[str]:
    """Name imports from the right, or from a part that stands beside the importing one."""
    return [
        f"{module.name} imports {name}"
        for module in checked
        for name in module.imports()
        if name.split(".")[0] == "grader" and name not in FOR_ALL
        if part_of(name) not in {*FOUNDATIONS, module.part}
        if rank(part_of(name)) >= rank(module.part)
        if not (module.name == "grader" and part_of(name) in LAZILY)
    ]


def imports_of(checked: list[Module], wanted: set[str]) -> list[str]:
    """Name imports of any of some top-level packages."""
    return [
        f"{module.name} imports {name}"
        for module in checked
        for name in module.imports()
        if name.split(".")[0] in wanted
    ]


def beside_its_owner(checked: list[Module]) -> list[str]:
    """Name imports of a library by a part that is not the one that knows it."""
    return [
        found
        for library, owner in OWNERS.items()
        for found in imports_of([one for one in checked if one.part not in _all(owner)], {library})
    ]


def _all(owner: str | tuple[str, ...]) -> tuple[str, ...]:
    return (owner,) if isinstance(owner, str) else owner


def calls(checked: list[Module], wanted: set[str] | set[tuple[str, str]]) -> list[str]:
    """Name calls of built-in functions ("eval") or of attributes of a module ("np", "load")."""
    return [
        f"{module.name}, line {node.lineno}: {ast.unparse(node.func)}"
        for module in checked
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node.func) in wanted
    ]


def called(function: ast.expr) -> str | tuple[str, str] | None:
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id, function.attr
    return None


def allowing_pickles(checked: list[Module]) -> list[str]:
    """Name calls with allow_pickle that is not plainly False."""
    return [
        f"{module.name}, line {node.value.lineno}"
        for module in checked
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle"
        if not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]


def of_an_assignment(text: str) -> list[str]:
    return [match[0] for match in ASSIGNMENT_WORDS.finditer(text)]


def empty_names(checked: list[Module]) -> list[str]:
    # What stands in for a library has the names the library has.
    names = [module.name for module in checked if not module.name.startswith(f"{STAND_INS}.")]
    return [name for name in names if EMPTY_NAMES & set(re.split(r"[._]", name))]


def test_every_part_of_the_grader_has_its_place_in_the_flow() -> None:
    placed = set().union(*ORDER) | FOUNDATIONS

    assert {module.part for module in GRADER} <= placed


def test_imports_go_only_leftwards() -> None:
    assert against_the_flow(GRADER) == []


def test_the_reference_does_not_know_the_grader() -> None:
    assert imports_of(REFERENCE, {"grader"}) == []


def test_the_grader_knows_the_package_of_references_but_none_in_it() -> None:
    assert [found for found in imports_of(GRADER, {"reference"}) if "reference." in found] == []


def test_only_its_owner_imports_a_library() -> None:
    assert beside_its_owner(GRADER) == []


def test_what_runs_beside_the_student_needs_nothing_but_numpy_and_the_kernel() -> None:
    inside = [module for module in GRADER if module.name.startswith("grader.execution.inside")]
    allowed = sys.stdlib_module_names | {"numpy", "torch", "IPython", "ipykernel", "traitlets"}

    strange = [
        f"{module.name} imports {name}"
        for module in inside
        for name in module.imports()
        if name.split(".")[0] not in allowed and not name.startswith("grader.execution.inside")
    ]

    assert inside
    assert strange == []


def test_only_recording_opens_arrays_and_nothing_unpickles() -> None:
    outside = [
        module
        for module in GRADER
        if module.part != "recording" and not module.name.startswith(STAND_INS)
    ]

    assert calls(outside, LOADING_CALLS) == []
    assert allowing_pickles(GRADER) == []
    assert imports_of(GRADER, UNSAFE_MODULES) == []


def test_nothing_a_student_wrote_is_evaluated() -> None:
    outside = [module for module in GRADER if module.name != STEPS]

    assert calls(outside, UNSAFE_CALLS) == []


def test_the_grader_knows_no_assignment() -> None:
    suffixes = {".py", ".html", ".css", ".js", ".json", ".jinja", ".j2"}
    files = [file for file in (ROOT / "grader").rglob("*") if file.suffix in suffixes]
    words = {
        file.relative_to(ROOT).as_posix(): of_an_assignment(file.read_text(encoding="utf-8"))
        for file in files
    }

    assert {name: found for name, found in words.items() if found} == {}


def test_no_module_is_longer_than_the_limit() -> None:
    files = [*(ROOT / "grader").rglob("*.py"), *(ROOT / "reference").rglob("*.py")]
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}

    assert {file: length for file, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_named_by_a_word_that_says_nothing() -> None:
    assert empty_names(GRADER + REFERENCE) == []


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("grader.intake.folder", "from grader.rubric.model import Rubric"),
        ("grader.rubric.read", "import grader.intake"),
        ("grader.scoring.grade", "from grader.reporting import page"),
        ("grader.scoring.grade", "from ..reporting.page import render"),
        ("grader.scoring.grade", "from grader import batch"),
        ("grader.execution.run", "def f():\n    from grader.recording.model import Recording"),
        ("grader.faults", "from grader.rubric.model import Rubric"),
    ],
)
def test_an_import_against_the_flow_is_seen(importer: str, source: str) -> None:
    assert len(against_the_flow(planted(importer, source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from grader.faults import Fault",
        "from grader import __version__, faults",
        "from grader.rubric.model import Rubric",
        "from .views import views",
        "import numpy as np",
    ],
)
def test_an_import_with_the_flow_is_let_through(source: str) -> None:
    assert against_the_flow(planted("grader.scoring.grade", source)) == []


def test_the_package_itself_offers_nothing_but_the_live_check() -> None:
    assert against_the_flow(planted("grader", "from grader.live.check import check")) == []
    assert len(against_the_flow(planted("grader", "from grader.cli import main"))) == 1
    assert len(against_the_flow(planted("grader.scoring", "import grader.live.check"))) == 1


def test_a_library_beside_its_owner_is_seen() -> None:
    source = "import nbclient\nfrom jinja2 import Template\nimport zipfile, IPython.core"

    assert len(beside_its_owner(planted("grader.scoring.grade", source))) == 4
    assert len(beside_its_owner(planted("grader.execution.run", source))) == 2


def test_unsafe_calls_are_seen() -> None:
    checked = planted("grader.scoring.grade", "eval('1')\nnp.load(f, allow_pickle=True)\nf.eval()")

    assert calls(checked, UNSAFE_CALLS) == ["grader.scoring.grade, line 1: eval"]
    assert calls(checked, LOADING_CALLS) == ["grader.scoring.grade, line 2: np.load"]
    assert allowing_pickles(checked) == ["grader.scoring.grade, line 2"]


@pytest.mark.parametrize(
    "text",
    ["hw1", "HW-1", "ps1", "'reference.hw1'", "softmax_passes", "relu_derivative", "a = w1", "W2"],
)
def test_a_word_of_an_assignment_is_seen(text: str) -> None:
    assert of_an_assignment(text)


@pytest.mark.parametrize("text", ["grad_w1", "reluctant", "https", "pw1", "w12", "Times"])
def test_a_word_of_no_assignment_is_let_through(text: str) -> None:
    assert of_an_assignment(text) == []


def test_a_name_that_says_nothing_is_seen() -> None:
    assert empty_names(planted("grader.scoring.array_utils", "")) == ["grader.scoring.array_utils"]
    assert empty_names(planted("grader.scoring.utility", "")) == []
