"""What grading costs, measured: `python -m tests.bench` writes docs/benchmarks.md."""
