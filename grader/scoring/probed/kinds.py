"""The kinds of parts there are, and what judges each."""

from collections.abc import Callable

from grader.rubric.parts import Kind
from grader.scoring.probed.contest import judge_contest
from grader.scoring.probed.derivative import judge_derivative
from grader.scoring.probed.findings import Judged
from grader.scoring.probed.function import judge_function
from grader.scoring.probed.layer import judge_layer
from grader.scoring.probed.loss import judge_loss
from grader.scoring.probed.module import judge_module
from grader.scoring.probed.network import judge_network
from grader.scoring.probed.training import judge_training
from grader.scoring.probed.view import View

JUDGES: dict[Kind, Callable[[View], Judged]] = {
    "function": judge_function,
    "derivative": judge_derivative,
    "loss": judge_loss,
    "layer": judge_layer,
    "module": judge_module,
    "network": judge_network,
    "training": judge_training,
    "contest": judge_contest,
}
