"""Copies across outlets: which articles carry a story that stood elsewhere before, and how they differ from it."""
