import pytest

from grader.observation.steady import steady_text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("trained in 12.3 s, loss 0.5", "trained in  , loss 0.5"),
        ("12.3 seconds", " "),
        ("340 ms", " "),
        ("Elapsed time: 3.21", " "),
        ("<function f at 0x7f3a1c>", "<function f at  >"),
        ("a 140234567890123 b", "a   b"),
        (" 10%|#   | 1/10\r100%|####| 10/10\nloss 0.5", "\nloss 0.5"),
        ("CPU times: user 3 ms, sys: 0 ns\n0.5", "\n0.5"),
        ("file.py:3: UserWarning: 3 things\n0.5", "\n0.5"),
        ("<Figure size 640x480 with 1 Axes>", ""),
        ("np.float64(0.5) [np.int64(3)]", "0.5 [3]"),
    ],
)
def test_what_changes_from_run_to_run_is_blanked_out(text: str, left: str) -> None:
    assert steady_text(text) == left


@pytest.mark.parametrize(
    "text", ["loss 0.5", "[0.1 0.2]", "3 steps", "0.5 shares", "epoch 100 mean 3.25", "12.5 %"]
)
def test_results_stay(text: str) -> None:
    assert steady_text(text) == text
