"""A rubric put on trial: its solution, what it accepts and prices, its mutants, its tolerances."""
