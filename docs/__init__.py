"""The documentation, and `generate.py`, which writes the parts of it that come from the code."""
