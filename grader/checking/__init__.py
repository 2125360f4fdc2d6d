"""One notebook checked: its rubric found, the notebook run, its answers judged."""
