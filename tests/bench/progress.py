"""What the benchmark tells the person who waits for it."""

import sys
import time

BEGUN = time.monotonic()


def tell(text: str) -> None:
    """Say what is being done, and when."""
    minutes, seconds = divmod(int(time.monotonic() - BEGUN), 60)
    sys.stderr.write(f"{minutes:3}:{seconds:02}  {text}\n")
