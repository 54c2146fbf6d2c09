"""Reads Kafka for the pages: topics from their last records on, and one record where it lies."""
