"""``python -m monitor`` is ``monitor``."""

from monitor.cli import main

# The processes of score --jobs import this module again.
if __name__ == "__main__":
    main()
