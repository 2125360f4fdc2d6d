from grader.reporting.comparison import Entry
from grader.reporting.page import entry_cells, prose


def test_a_sentence_is_escaped_before_it_is_marked_up() -> None:
    assert prose("`a<b` & <i>") == "<code>a&lt;b</code> &amp; &lt;i&gt;"


def test_a_backtick_alone_stays_a_backtick() -> None:
    assert prose("a ` b") == "a ` b"


def test_a_number_is_not_broken_at_its_exponent() -> None:
    assert prose("within 4e-07.") == 'within <span class="whole">4e-07</span>.'


def test_a_sentence_of_a_flood_is_bounded() -> None:
    assert len(prose("x" * 100_000)) == 2000


def test_entries_of_a_table_are_shaded_and_escaped() -> None:
    row = entry_cells([Entry("1.5"), Entry("<0", 3)])

    assert row == '<td>1.5</td><td class="d3">&lt;0</td>'
