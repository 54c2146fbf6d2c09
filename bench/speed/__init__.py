"""What a verdict costs, beside what others cost: ``make bench`` writes ``docs/performance.md``.

``contestants.py`` is what is compared, each in a process of its own, and ``rounds.py`` runs them in turn. ``parts.py``
takes a verdict apart, ``sizes.py`` makes articles longer, ``kafka.py`` measures the worker on a real Kafka, and
``page.py`` writes the page and its plots.
"""
