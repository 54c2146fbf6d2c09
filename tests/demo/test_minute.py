"""The demo's minute: an outlet turns bad, an incident opens, and it heals."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import msgspec

from monitor.articles.decode import Decoder
from monitor.demo.minute import OUTLET, PHASES, minute
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.stream import StreamScorer
from monitor.settings import Settings


def test_outlet_opens_one_incident_of_its_bad_phase_and_closes_it() -> None:
    told: list[tuple[int, Incident]] = []
    sent = 0
    scorer = StreamScorer(
        Scorer(Model.load(), Settings().thresholds_for), on_incident=lambda incident: told.append((sent, incident))
    )
    decoder = Decoder()
    for record in islice(minute(), 2 * sum(phase.articles for phase in PHASES)):
        article = decoder.decode(record)
        if article.source == OUTLET:
            sent += 1
            scorer.score(article, datetime(2026, 1, 1, tzinfo=UTC))
    bodies = [(number, incident) for number, incident in told if incident.code == "repeated_body"]
    first, turned, _ = (phase.articles for phase in PHASES)
    assert first < bodies[0][0] <= first + 10
    assert first + turned < bodies[-1][0] <= first + turned + 15
    assert [incident.open for _, incident in bodies] == [*[True] * (len(bodies) - 1), False]
    assert {incident.source for _, incident in told} == {OUTLET}


def test_records_have_ids_of_their_own_over_several_minutes() -> None:
    ids = [msgspec.json.decode(record)["id"] for record in islice(minute(), 2_000)]
    assert len(set(ids)) == len(ids)
