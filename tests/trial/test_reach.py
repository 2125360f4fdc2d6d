"""Which parts of a rubric a line of the solution belongs to."""

import pytest

from grader.rubric.model import Rubric
from grader.trial.reach import Reach, Touched
from tests.trial.asked import rubric_of

SOURCES = (
    "import numpy as np\nscale = 2.0\n",
    "def double(x):\n    return scale * x\n",
    "def twice(x):\n    y = double(x)\n    return y\n\n\ndef alone(y):\n    return y\n",
    "y = 3\nprint(twice(y))\nmodel = [1]\nmodel.append(double(y))\n",
)


@pytest.fixture
def reach() -> Reach:
    rubric: Rubric = rubric_of(
        {"probe": "function", "name": "double"},
        {"probe": "function", "name": "twice"},
        {"probe": "training", "name": "model"},
    )
    return Reach(rubric, SOURCES)


def test_a_line_of_a_part_is_its_own_and_of_those_that_rest_on_it(reach: Reach) -> None:
    touched = reach.touched(2, 2)

    assert touched.own == {"q.0"}
    assert touched.all == {"q.0", "q.1", "q.2"}
    assert touched.first == {"q.0"}


def test_a_line_of_no_part_is_of_those_that_rest_on_it(reach: Reach) -> None:
    touched = reach.touched(1, 2)

    assert touched.own == set()
    assert touched.first == {"q.0", "q.1", "q.2"}


def test_a_name_inside_a_function_is_not_that_of_the_notebook(reach: Reach) -> None:
    assert "q.1" not in reach.touched(4, 1).all


def test_a_training_rests_on_what_its_network_is_made_with(reach: Reach) -> None:
    assert reach.touched(3, 7) == Touched()
    assert [reach.touched(4, line).first for line in (1, 2, 3, 4)] == [
        {"q.2"},
        set(),
        {"q.2"},
        {"q.2"},
    ]


def test_a_training_whose_network_has_another_name_may_rest_on_anything() -> None:
    reach = Reach(rubric_of({"probe": "training", "name": "other"}), SOURCES)

    assert reach.touched(4, 2).first == {"q.0"}


def test_a_line_outside_of_all_statements_touches_nothing(reach: Reach) -> None:
    assert reach.touched(3, 5) == Touched()


def test_a_part_rests_on_what_builds_it() -> None:
    build = "network = assemble()"
    rubric = rubric_of({"probe": "network", "name": "Net", "build": build})
    reach = Reach(rubric, ("class Net:\n    pass\n", "def assemble():\n    return Net()\n"))

    assert reach.touched(2, 2).first == {"q.0"}


def test_an_object_that_is_changed_is_touched() -> None:
    rubric = rubric_of({"probe": "network", "name": "Net", "build": "network = net"})
    reach = Reach(rubric, ("net = []\nnet.append(1)\nother = 2\nnet[0] = other\n",))

    assert [reach.touched(1, line).first for line in (1, 2, 3, 4)] == [{"q.0"}] * 4
