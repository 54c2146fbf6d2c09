"""Article in, verdict out. Pure: no clock, no network, no files but the model."""
