from pathlib import Path

import pytest

from grader.faults import IntakeFault
from grader.intake.boundary import refuse_leaving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own" / "data").mkdir(parents=True)
    (tmp_path / "elsewhere.ipynb").touch()
    (tmp_path / "own" / "here.ipynb").touch()
    return tmp_path / "own"


def test_a_file_and_a_link_within_the_folder_may_stay(folder: Path) -> None:
    link = folder / "data" / "link.ipynb"
    link.symlink_to("../here.ipynb")

    refuse_leaving(folder / "here.ipynb", folder)
    refuse_leaving(link, folder)


@pytest.mark.parametrize("target", ["../elsewhere.ipynb", "/etc/hostname", ".."])
def test_a_link_that_leads_out_is_refused(folder: Path, target: str) -> None:
    link = folder / "link.ipynb"
    link.symlink_to(target)

    with pytest.raises(IntakeFault, match=r"^link.ipynb is a link that leads out of the folder"):
        refuse_leaving(link, folder)


def test_a_file_behind_a_folder_that_leads_out_is_refused(folder: Path) -> None:
    (folder / "up").symlink_to("..")

    with pytest.raises(IntakeFault, match="leads out"):
        refuse_leaving(folder / "up" / "elsewhere.ipynb", folder)


@pytest.mark.parametrize("target", ["missing.ipynb", "link.ipynb"])
def test_a_link_to_nothing_or_to_itself_is_refused(folder: Path, target: str) -> None:
    link = folder / "link.ipynb"
    link.symlink_to(target)

    with pytest.raises(IntakeFault, match="leads nowhere"):
        refuse_leaving(link, folder)
