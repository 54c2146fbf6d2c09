"""Incidents and what people say of them, as records: written, and read from their topic at once."""

from __future__ import annotations

from monitor.scoring.sources.incident import SCHEMA, Incident, UnreadableIncident
from monitor.settings import Settings
from monitor.streaming.connection import plain_client
from monitor.streaming.engine.follow import VERSION
from monitor.streaming.engine.read import Reader
from monitor.streaming.engine.records import Output
from monitor.streaming.topics import INCIDENTS


def incident_output(topic: str, incident: Incident) -> Output:
    """The record of an incident; a later one of its key has a higher version, over a change of partitions too."""
    version = b"%d" % round(incident.updated.timestamp() * 1000)
    headers = (("monitor.schema", b"%d" % SCHEMA), (VERSION, version))
    return Output(topic, incident.record_key.encode(), incident.encode(), headers)


async def read_incidents(settings: Settings) -> list[Incident]:
    """The last record of each incident's key, open and closed; one that does not decode is left out."""
    last: dict[bytes, bytes | None] = {}
    async with Reader(plain_client(settings)) as reader:
        spans = await reader.spans(await reader.partitions(INCIDENTS.full_name(settings.topic_names)))
        for tp, span in spans.items():
            async for batch in reader.read(tp, span.begin, span.end):
                last.update({record.key: record.value for record in batch if record.key is not None})
    incidents = []
    for value in last.values():
        try:
            incidents.append(Incident.decode(value or b""))
        except UnreadableIncident:
            continue
    return incidents
