"""Dead letters: records that could not be handled, kept with the reason; written, read and put back."""
