"""Whether the worker works: what is awaited, the lag, and the end of a worker that hangs."""
