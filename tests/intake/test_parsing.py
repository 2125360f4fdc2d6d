import json

import pytest

from grader.faults import IntakeFault
from grader.intake.parsing import DEEPEST, parse_object


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n "a": "bc', "ends in the middle of a string at line 2, column 9"),
        ('{"a": [1,', "ends before the notebook does, at line 1, column 9"),
        ('{\n"a": tru', "ends before the notebook does, at line 2, column 8"),
        ('{"a": -', "ends before the notebook does, at line 1, column 7"),
        ('{"a": 1.', "ends before the notebook does, at line 1, column 8"),
        (r'{"a": "\u00', "ends before the notebook does, at line 1, column 11"),
    ],
)
def test_a_file_that_was_cut_off_is_placed_where_it_ends(text: str, says: str) -> None:
    with pytest.raises(IntakeFault) as raised:
        parse_object(text)

    assert str(raised.value) == f"{says}: the file was cut off"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1\n "b": 2}', "line 2, column 2: a comma is missing, or a quote too early ended"),
        ('{"a" 1}', "line 1, column 6: a colon is missing"),
        ('{"a": }', "line 1, column 7: a value is missing"),
        ('{"a": 1, b: 2}', "line 1, column 10: a name in double quotes is missing"),
        ('{"a": 1} {', "line 1, column 10: something follows after the end of the notebook"),
        ('{"a": 1} 12', "line 1, column 10: something follows after the end of the notebook"),
        ('{"a": "b\nc"}', "line 1, column 9: a text holds a raw line break"),
        (r'{"a": "\x"}', "line 1, column 8: invalid \\escape"),
    ],
)
def test_damage_is_placed_where_it_is(text: str, says: str) -> None:
    with pytest.raises(IntakeFault) as raised:
        parse_object(text)

    assert str(raised.value).startswith(f"is damaged at {says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("\0" * 40, "is empty"),
        ("print('hello')\n", "is plain text, not a notebook"),
        ("\x07\x01{", "is binary data, not a notebook"),
        ("[1, 2]", "is JSON but no notebook: it holds no object"),
        ("3", "is JSON but no notebook: it holds no object"),
    ],
)
def test_what_is_no_json_object_is_told_for_what_it_is(text: str, says: str) -> None:
    with pytest.raises(IntakeFault) as raised:
        parse_object(text)

    assert str(raised.value) == says


@pytest.mark.parametrize("marker", ["<<<<<<<", "|||||||", "=======", ">>>>>>>"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_merge_conflict_is_named_with_its_line(marker: str, ending: str) -> None:
    text = ending.join(["{", '"a": 1,', f"{marker} HEAD", '"b": 2', "}"])

    with pytest.raises(IntakeFault) as raised:
        parse_object(text)

    assert str(raised.value) == (f"cannot be read: line 3 holds a merge conflict marker '{marker}'")


def test_a_conflict_marker_within_a_text_is_no_conflict() -> None:
    text = json.dumps({"source": "<<<<<<< HEAD\n=======\n"})

    assert parse_object(text) == {"source": "<<<<<<< HEAD\n=======\n"}


def test_nesting_is_read_up_to_the_bound_and_refused_beyond() -> None:
    def nested(levels: int) -> str:
        return '{"a":' * (levels - 2) + "[1]" + "}" * (levels - 2)

    assert parse_object(nested(DEEPEST))
    for levels in (DEEPEST + 1, 100_000):
        with pytest.raises(IntakeFault, match="is nested too deeply"):
            parse_object(nested(levels))


def test_a_number_python_refuses_to_convert_is_a_fault() -> None:
    with pytest.raises(IntakeFault, match="too many digits"):
        parse_object('{"a": ' + "9" * 5000 + "}")


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept() -> None:
    data = parse_object(r'{"\ud800": ["\udc00x", "\ud83d\ude00"]}')

    assert data == {"\ufffd": ["\ufffdx", "😀"]}
