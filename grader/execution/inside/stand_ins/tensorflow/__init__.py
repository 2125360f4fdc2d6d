"""What stands in for TensorFlow: its keras, as far as that is there."""

import importlib

keras = importlib.import_module(f"{__name__}.keras")
__version__ = "0.0"
__all__ = ["keras"]
