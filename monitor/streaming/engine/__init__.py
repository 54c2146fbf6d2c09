"""Faust repaired: reading, committing, delivering. Knows no article."""
