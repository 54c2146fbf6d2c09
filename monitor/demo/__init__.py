"""The demo: a broker inside the process, articles written for it, and a feed of them."""
