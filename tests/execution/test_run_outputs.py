from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution.outputs import KINDS, CellOutputs, NotebookOutputs


def message(kind: str, **content: Any) -> dict[str, Any]:
    return {"msg_type": kind, "content": content}


def display(text: str, name: str, kind: str = "display_data") -> dict[str, Any]:
    return message(kind, data={"text/plain": text}, transient={"display_id": name})


def size_of(outputs: list[Any]) -> int:
    return sum(len(str(part)) for out in outputs for part in (out.get("text"), out.get("data")))


def test_streams_that_alternate_stay_in_order() -> None:
    cell = CellOutputs(1)

    for stream, text in [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]:
        cell.write(stream, text)

    assert [(out.name, out.text) for out in cell.finish()] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_text_is_cut_at_a_whole_character() -> None:
    cell = CellOutputs(1)

    cell.write("stdout", "é" * 600)

    text, note = cell.finish()
    assert set(text.text) == {"é"}
    assert 950 < len(text.text.encode()) <= 1024
    assert note.text == "[output cut at 1 KiB]\n"


def test_what_fits_exactly_is_not_called_cut() -> None:
    cell = CellOutputs(1)

    cell.write("stdout", "x" * (1024 - 64))

    assert not cell.cut
    assert len(cell.finish()) == 1


def test_an_error_is_kept_whatever_came_before() -> None:
    cell = CellOutputs(1)

    cell.write("stdout", "x" * 5000)
    cell.fail("ValueError", "no", ["Traceback", "ValueError: no"])

    assert cell.finish()[1].ename == "ValueError"


def test_a_flood_of_errors_is_cut() -> None:
    cell = CellOutputs(1)

    for _ in range(1000):
        cell.fail("E" * 10_000, "v" * 10_000, ["t" * 1_000_000])

    assert cell.cut
    assert len(str(cell.finish())) < 20 * 70_000


def test_of_rich_outputs_the_known_kinds_are_kept() -> None:
    outputs = NotebookOutputs(64)
    data = {"text/plain": "f", "text/html": "<b>", "application/javascript": "alert()"}

    outputs.receive(0, message("display_data", data=data, metadata={"a": 1}))

    (output,) = outputs.of(0).finish()
    assert output.data == {"text/plain": "f", "text/html": "<b>"}
    assert output.metadata == {}


def test_a_picture_too_large_is_dropped_and_its_text_kept() -> None:
    outputs = NotebookOutputs(1)
    data = {"image/png": "A" * 5000, "text/plain": "<Figure>"}

    outputs.receive(0, message("display_data", data=data))

    assert outputs.of(0).finish()[0].data == {"text/plain": "<Figure>"}
    assert outputs.of(0).cut


def test_a_display_is_updated_from_another_cell() -> None:
    outputs = NotebookOutputs(1)

    outputs.receive(0, display("old", "d1"))
    outputs.receive(1, display("new", "d1", "update_display_data"))

    assert outputs.of(0).finish()[0].data == {"text/plain": "new"}
    assert outputs.of(1).finish() == []


def test_a_display_updated_often_costs_its_last_size_only() -> None:
    outputs = NotebookOutputs(1)

    outputs.receive(0, display("0", "bar"))
    for step in range(1000):
        outputs.receive(0, display(f"{step} of 1000", "bar", "update_display_data"))

    assert not outputs.of(0).cut
    assert outputs.of(0).finish()[0].data == {"text/plain": "999 of 1000"}


def test_clearing_forgets_at_once_or_with_the_next_output() -> None:
    cell = CellOutputs(1)

    cell.write("stdout", "x" * 900)
    cell.clear(wait=True)
    waiting = cell.finish()
    cell.write("stdout", "y" * 900)

    assert waiting[0].text == "x" * 900
    assert [out.text for out in cell.finish()] == ["y" * 900]
    assert not cell.cut


VALUES = st.none() | st.integers() | st.text(max_size=2000) | st.lists(st.text(), max_size=2)
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "name": VALUES | st.just("stderr"),
        "text": VALUES,
        "data": VALUES | st.dictionaries(st.sampled_from([*KINDS, "x/y"]), VALUES, max_size=3),
        "transient": VALUES | st.just({"display_id": "a"}) | st.just({"display_id": ["a"]}),
        "execution_count": VALUES,
        "wait": VALUES,
        "traceback": VALUES,
        "ename": VALUES,
        "evalue": VALUES,
    },
)
MESSAGES = st.builds(
    lambda kind, content: {"msg_type": kind, "content": content},
    st.sampled_from(
        [
            *("stream", "display_data", "execute_result", "update_display_data"),
            *("error", "clear_output", "comm_open", "execute_input"),
        ]
    ),
    CONTENTS | VALUES,
)


@given(st.lists(MESSAGES, max_size=12))
@settings(deadline=None)
def test_no_message_breaks_the_gathering_or_its_bounds(messages: list[dict[str, Any]]) -> None:
    outputs = NotebookOutputs(1)

    for place, received in enumerate(messages):
        outputs.receive(place % 2, received)

    for index in (0, 1):
        finished = outputs.of(index).finish()
        kept = [out for out in finished if out.output_type != "error"]
        assert size_of(kept) < 4 * 1024 + 1000
