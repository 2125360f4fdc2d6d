"""How far single precision may carry a training."""
