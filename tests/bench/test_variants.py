"""A varied notebook is another one that means the same."""

import ast
from typing import Any

import nbformat
import pytest

from tests.bench.notebooks import TWENTY, read_samples
from tests.bench.variants import SEED, vary

SAMPLES = read_samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_variant_differs_and_means_the_same(name: str) -> None:
    sample = SAMPLES[name].notebook

    first, second = vary(sample, 1), vary(sample, 2)

    assert sources(first) != sources(sample)
    assert sources(first) != sources(second)
    assert meaning(first) == meaning(second) == meaning(sample)


def test_copy_0_is_the_sample_and_a_copy_is_always_the_same() -> None:
    sample = SAMPLES["student-01"].notebook

    assert vary(sample, 0) == sample
    assert vary(sample, 3) == vary(sample, 3)


def test_variables_get_other_names_and_what_is_printed_stays() -> None:
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("total = 1\nshown = 2\nprint(f'{shown}', total)")]
    )

    varied = {"\n".join(sources(vary(book, number))) for number in range(1, 9)}

    assert any("total_" in source for source in varied)
    assert all("shown_" not in source for source in varied)


def test_seeds_change_unless_they_are_set_in_a_loop() -> None:
    code = "np.random.seed(7)\nfor i in x:\n    np.random.seed(8)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])

    varied = sources(vary(book, 1))[0]

    assert "np.random.seed(7)" not in varied
    assert "    np.random.seed(8)" in varied


def test_the_twenty_are_samples() -> None:
    assert len(set(TWENTY)) == 20
    assert set(TWENTY) <= set(SAMPLES)


def sources(notebook: Any) -> list[str]:
    return [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def meaning(notebook: Any) -> list[str]:
    """Dump the syntax trees of a notebook, variables numbered as they come, seeds left out."""
    numbers: dict[str, str] = {}
    dumps = []
    for source in sources(notebook):
        tree = ast.parse(SEED.sub(r"\1)", source))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = numbers.setdefault(node.id, f"variable {len(numbers)}")
        dumps.append(ast.dump(tree))
    return dumps
