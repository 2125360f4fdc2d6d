"""The formats of other systems, each made from a result by a pure function."""
