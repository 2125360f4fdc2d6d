"""Two runners, the ground the attacks are run on, and what each containment was found to be."""

import shutil
import signal
import tempfile
from collections.abc import Iterator

import pytest

from grader.execution.run import Runner
from grader.rubric.model import Limits
from tests.attacks.attack import LIMITS, build_notebook, fill_in, read_containments, text_of
from tests.attacks.ground import Ground, count_processes, laid_out
from tests.attacks.witness import Facts, Neighbour, run_witness

PATIENCE = 30  # seconds, for one test


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """A grader that hangs fails one test, and not the whole suite."""

    def fail(*_: object) -> None:
        pytest.fail(f"the grader was still busy after {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Answers in files, in the environment and in the memory of the process that grades."""
    tmp_path_factory.getbasetemp()  # it is to lie where it always lies
    with laid_out() as ground, pytest.MonkeyPatch.context() as patch:
        folder = ground.folder.with_name(f"{ground.folder.name}t")
        folder.mkdir()
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv("GRADMARK_ANSWER", ground.answer)
        yield ground
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def neighbour(ground: Ground) -> Iterator[Neighbour]:
    """A runner beside the one under attack."""
    neighbour = Neighbour(ground.witness_files)
    yield neighbour
    neighbour.close()


@pytest.fixture(scope="module")
def undisturbed(neighbour: Neighbour) -> Facts:
    """The witness as it runs before any attack."""
    return neighbour.run()


@pytest.fixture(scope="module")
def runner(ground: Ground, undisturbed: Facts) -> Iterator[Runner]:
    """The runner under attack."""
    with Runner() as runner:
        assert run_witness(runner, ground.witness_files) == undisturbed
        ground.processes = count_processes()
        yield runner


@pytest.fixture(scope="module")
def containments(runner: Runner, ground: Ground) -> dict[str, str]:
    """What was found of each containment, by its name; "holds" where it does."""
    known = read_containments()
    plain = [containment for containment in known if not containment.limits]
    probes = "\n# %%\n".join(containment.probe for containment in plain)
    notebook = build_notebook(fill_in(probes, ground.places))
    execution = runner.execute(notebook, limits=Limits(**LIMITS), seed=1)
    texts = [text_of(execution, cell.number).strip() or cell.error for cell in execution.cells]
    found = dict(zip([one.name for one in plain], texts, strict=True))
    for containment in known:
        if containment.limits:
            limits = Limits(**{**LIMITS, **containment.limits})
            execution = runner.execute(build_notebook(containment.probe), limits=limits, seed=1)
            found[containment.name] = text_of(execution, 1).strip() or "holds"
    return found
