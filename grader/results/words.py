"""The sentences of checks that say nothing about an answer, and names put as words."""

from collections.abc import Iterable

AFTER = "graded after submission"
LATER = f"{AFTER.capitalize()}."
WORTH_LATER = f"What it is worth is {AFTER}."
WRITTEN = "What is written here is read by a person after submission."
PERSON = "A person decides about this after submission."
UNSETTLED_DRAWS = (
    "The random draws of this run do not tell how these values came about; a person decides."
)
TOO_COARSE = "It is printed with too few digits to tell; print at least four decimals."
NOT_PRODUCED = "What is stored in the file did not come out when the code was run"
RUN_AGAIN = "; restart the kernel and run all cells"
LEFT_OUT = "Too many values were computed to record them all; a person looks at this."
FAULTY = "The grader itself failed here; that is not your doing, and a person will look at it."
UNREAD = "Not checked: the notebook could not be read."
UNSAID = "This is not yet what was asked for."


def in_words(name: str) -> str:
    """Write an id as words: "typed-in" is "typed in"."""
    return name.replace("-", " ").replace("_", " ")


def named(names: Iterable[str]) -> str:
    """List names in quotation marks: '"one" and "two"'."""
    *head, tail = [f'"{in_words(name)}"' for name in names]
    return f"{', '.join(head)} and {tail}" if head else tail


def ended(sentence: str) -> str:
    """Put one full stop at the end of a sentence."""
    sentence = sentence.strip()
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
