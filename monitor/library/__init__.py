"""The monitor as a library: what ``import monitor`` gives, and what ``monitor score`` is made of.

``monitor.py`` has the calls, ``processes.py`` shares articles among processes, ``paths.py`` finds files.
"""
