"""Watches syndicated news and says which copies are bad, and why."""

__version__ = "0.1.0"
