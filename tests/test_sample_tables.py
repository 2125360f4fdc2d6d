from tests.sample_tables import README, written


def test_the_tables_of_the_samples_are_what_the_samples_must_get() -> None:
    text = README.read_text(encoding="utf-8")

    assert written(text) == text, "run: python -m tests.sample_tables"
