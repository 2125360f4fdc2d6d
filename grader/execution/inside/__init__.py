"""The part of the recorder that runs in the student's process; standard library and numpy only."""
