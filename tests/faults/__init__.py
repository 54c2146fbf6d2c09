"""Faults on a real Kafka: what was sent, and what became of each record. Run by ``make faults``."""
