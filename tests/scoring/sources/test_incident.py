"""The incident's record, read back as it was written."""

from __future__ import annotations

import pytest

from monitor.scoring.sources.incident import (
    Example,
    Incident,
    UnreadableIncident,
    incident_id,
    moment,
    record_key,
)


def incident(source: str = "Daily", code: str = "thin") -> Incident:
    return Incident(
        id=incident_id(source, "share", code, 0),
        source=source,
        key=source.casefold(),
        kind="share",
        code=code,
        since=moment(0),
        opened=moment(60),
        updated=moment(60),
        examples=(Example(id="a", topic="articles", offset=7),),
    )


def test_record_is_read_as_it_was_written() -> None:
    assert Incident.decode(incident().encode()) == incident()


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 100_000, b'{"id": 3}', b"\xff"])
def test_other_bytes_are_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableIncident):
        Incident.decode(data)


def test_fields_of_a_newer_schema_are_left_out() -> None:
    assert Incident.decode(incident().encode()[:-1] + b',"newer":1}') == incident()


def test_key_is_of_the_source_however_it_is_written() -> None:
    assert record_key("The  DAILY", "share", "thin") == record_key("the daily", "share", "thin")
    assert record_key("a/b", "silence") == "silence//a/b"


def test_id_is_of_one_incident_alone() -> None:
    ids = {
        incident_id("a", "share", "thin", 0),
        incident_id("a", "share", "thin", 60),
        incident_id("a", "flood", "", 0),
    }
    assert len(ids) == 3
    assert incident_id("A", "flood", "", 0) in ids


def test_lone_surrogate_in_a_name_has_an_id() -> None:
    assert len(incident_id("half \ud83d", "share", "thin", 0)) == 10


def test_muted_until_the_time_that_was_said() -> None:
    muted = Incident.decode(
        incident().encode()[:-1].replace(b'"muted_until":null', b'"muted_until":"1970-01-02T00:00:00Z"') + b"}"
    )
    assert muted.muted(moment(3600))
    assert not muted.muted(moment(86_400))
    assert not incident().muted(moment(0))
