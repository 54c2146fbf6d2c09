"""What repeats in a text: paragraphs that stand again, exactly, nearly, or split and joined, and runs of them."""

from monitor.scoring.repetition.find import Repetition, find, read

__all__ = ["Repetition", "find", "read"]
