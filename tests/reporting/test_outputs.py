import base64
import struct

import pytest

from grader.reporting.outputs import show_outputs
from tests.reporting.made import display, stream


def _png(side: int = 8, size: int = 100) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", side, side)
    return base64.b64encode(head + b"\0" * size).decode()


def test_a_stream_written_in_pieces_is_one_output() -> None:
    outputs = show_outputs([stream("a"), stream("b\n"), stream("w\n", "stderr"), stream("c")])

    assert [(output.kind, output.text) for output in outputs] == [
        ("text", "ab"),
        ("stderr", "w"),
        ("text", "c"),
    ]


@pytest.mark.parametrize("media", ["text_html", "image_svg+xml", "text_latex", "application_json"])
def test_anything_a_browser_would_interpret_is_shown_as_its_text(media: str) -> None:
    (output,) = show_outputs([display(**{media: "<b>x</b>", "text_plain": "x"})])

    assert (output.kind, output.text) == ("text", "x")


def test_what_has_no_text_is_named_and_not_shown() -> None:
    (output,) = show_outputs([display(text_html="<script>alert(1)</script>")])

    assert (output.kind, output.text) == ("note", "an output of type text/html is not shown")


def test_a_picture_becomes_a_data_address_with_its_text_beside_it() -> None:
    (output,) = show_outputs([display(image_png=_png(), text_plain="<Figure>")])

    assert (output.kind, output.text) == ("picture", "<Figure>")
    assert output.source == f"data:image/png;base64,{_png()}"


@pytest.mark.parametrize(
    "content",
    [
        "not base64!",
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        '" onerror="alert(1)',
        _png(side=100_000),
        "",
    ],
)
def test_what_is_no_picture_is_not_shown_as_one(content: str) -> None:
    (output,) = show_outputs([display(image_png=content)])

    assert (output.kind, output.source) == ("note", "")


def test_a_large_picture_is_left_out_and_its_size_said() -> None:
    (output,) = show_outputs([display(image_png=_png(size=300 * 1024))])

    assert (output.kind, output.source) == ("note", "")
    assert "300 KiB" in output.text


def test_lines_are_counted_before_anything_is_left_out() -> None:
    (output,) = show_outputs([stream("a line of text\n" * 50_000)])

    assert output.lines == 50_000
    assert "… 49,940 lines left out …" in output.text


def test_a_flood_of_outputs_is_bounded() -> None:
    outputs = show_outputs([display(text_plain=str(n)) for n in range(1000)])

    assert len(outputs) == 21
    assert outputs[-1].text == "980 more outputs are not shown"


@pytest.mark.parametrize(
    "output", [None, 3, {}, {"output_type": "stream"}, {"output_type": "error", "traceback": 4}]
)
def test_a_malformed_output_shows_nothing(output: object) -> None:
    assert show_outputs([output]) == []
