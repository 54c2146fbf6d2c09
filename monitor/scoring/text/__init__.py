"""The one reading of a text that repetition, boilerplate, flags, templates and copies take."""
