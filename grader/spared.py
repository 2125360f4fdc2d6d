"""Imports spared: what a library loads for a feature that nothing here asks for.

Imported before anything else where a process of ours starts, and never in a student's.
"""

import sys
from typing import Any, cast

# JupyterLab brings it, and jsonschema, which nbformat imports, then builds a grammar for seconds.
cast(dict[str, Any], sys.modules).setdefault("rfc3987_syntax", None)
