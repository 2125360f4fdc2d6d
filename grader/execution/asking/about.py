"""What a probe is about: the part of a question, told by all that its steps depend on."""

import hashlib

from grader.rubric.parts import Part

_JUDGED_BY = {"points", "title", "expect", "accept", "worth", "threshold"}


def about(part: Part) -> str:
    """Name what is asked of a part: the same in every rubric that asks the same.

    A rubric may be mended, its questions renamed and their order changed, and recordings that
    were made before are still about its parts.
    """
    asked = sorted(part.model_dump(exclude=_JUDGED_BY).items())
    digest = hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{part.probe} {part.name} {digest[:12]}"
