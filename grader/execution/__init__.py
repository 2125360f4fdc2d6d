"""The kernel a notebook runs in, and the recorder inside it."""
