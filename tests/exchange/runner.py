"""How runners find commands in what a step prints, written from their documentation and source."""

import re

# GitHub's runner: at the beginning of a line after any blanks, and `##[` anywhere in it. Texts are
# compared by the rules of a language, so letters that show nothing may stand in between.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\U000e0000-\U000e0fff]"
)
BEGINNING = re.compile(r"\s*::.*?::")
ANYWHERE = re.compile(r"##(?:\[|vso\[|teamcity\[)")


def commands_in(printed: str) -> list[str]:
    """List the lines a runner may take for commands."""
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", printed)
    bare = [(line, UNSEEN.sub("", line)) for line in lines]
    return [line for line, seen in bare if BEGINNING.match(seen) or ANYWHERE.search(seen)]
