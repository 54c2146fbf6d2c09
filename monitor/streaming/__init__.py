"""Faust and Kafka: articles in, verdicts and dead letters out, none lost."""
