"""The stages: one file each, known to nobody but the list of them."""
