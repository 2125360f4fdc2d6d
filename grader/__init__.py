"""Grades numerical notebooks by finding the hypothesis that explains what was observed."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gradmark")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0.0.0"
