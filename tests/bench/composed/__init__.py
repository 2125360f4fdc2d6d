"""HW-1 notebooks composed of ways of writing, conventions and mistakes."""
