"""The queue of what needs a person, and the dialogue that goes through it."""
