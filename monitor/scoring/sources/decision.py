"""A person's word about incidents of a source: close them, or tell nobody of them for a while."""

from __future__ import annotations

from typing import Self

import msgspec

from monitor.scoring.sources.incident import LONGEST, Kind, incident_id
from monitor.scoring.sources.sighting import Unreadable, source_key


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="decision"):
    """A record among the sightings, under the source's key: what is to become of an incident.

    ``incident`` is its id; an incident that is closed by then, or another one since, is left alone. ``close``: it is
    over, and what it was about is the source's habit from now on. ``muted_until``: nobody is told until then, in
    seconds since 1970.
    """

    source: str
    incident: str
    close: bool = False
    muted_until: float = 0.0
    person: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """The source's name as sources are told apart."""
        return source_key(self.source)

    def is_about(self, kind: Kind, code: str, source: str, since: float) -> bool:
        """Whether this incident is meant."""
        return self.incident == incident_id(source, kind, code, since)

    def encode(self) -> bytes:
        """MessagePack."""
        return msgspec.msgpack.encode(
            msgspec.structs.replace(self, person=self.person[:LONGEST], note=self.note[:LONGEST])
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """A person's word.

        Raises:
            Unreadable: the record is none.
        """
        try:
            return msgspec.msgpack.decode(data, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(f"not a person's word: {error}") from error
