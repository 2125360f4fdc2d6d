"""From a recording to candidate values."""
