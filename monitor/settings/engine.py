"""The worker: what it waits for, how much it holds, and when it ends itself."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field, model_validator


class EngineSettings(BaseModel):
    """The worker: what it waits for, how much it holds, and when it ends itself."""

    session_timeout_seconds: float = Field(
        15.0,
        ge=6,
        description="seconds without a heartbeat after which the broker gives a worker's partitions to another; "
        "shorter recovers sooner from a killed worker, longer rides out longer pauses",
    )
    delivery_timeout_seconds: float = Field(
        150.0,
        gt=0,
        description="seconds in which a verdict must be delivered, retries included, before the worker ends; "
        "longer than a broker's restart",
    )
    deliveries_in_flight: int = Field(
        500,
        ge=1,
        description="articles whose outputs may await the broker's acknowledgement at once; bounds memory, and how "
        "many articles "
        "are handled twice after a worker is killed",
    )
    shutdown_seconds: float = Field(
        25.0,
        gt=0,
        description="seconds that a worker takes at most, after SIGTERM, to finish what it has read, commit and leave "
        "its group; "
        "below Kubernetes' grace period of 30",
    )
    max_bytes_in_hand: int = Field(
        64_000_000,
        ge=1,
        description="bytes of records read and not yet finished, above which reading waits; bounds memory when "
        "more arrives than is handled",
    )
    hang_seconds: float = Field(
        240.0,
        gt=0,
        description="seconds without progress after which the worker ends, to be started again: of a record in hand, "
        "of commits "
        "behind finished records, of partitions that are awaited; longer than delivery_timeout_seconds",
    )
    loop_seconds: float = Field(
        60.0,
        gt=0,
        description="seconds without a turn of the event loop after which the worker ends, to be started again; "
        "scoring the largest "
        "article takes a few",
    )
    lag_interval_seconds: float = Field(
        5.0,
        gt=0,
        description="seconds between two measurements of the lag; after three without an answer of Kafka's, and ten "
        "seconds at the least, /readyz is red",
    )

    source_labels: int = Field(
        50,
        ge=0,
        description="number of sources that get a label of their own in metrics: the first that come, later those with "
        "the most articles; the rest are counted as 'other'",
    )
    source_allow: tuple[str, ...] = Field(
        (),
        description="names of the sources that get a label of their own in metrics; where any is given, no others do",
    )

    dead_letter_consecutive: int = Field(
        500,
        ge=0,
        description="dead letters in a row, on one partition, above which that partition is held and the others go on, "
        "so that a bad deploy does not make dead letters of a good topic; 500 are about two seconds of its "
        "work; 0: no limit",
    )
    dead_letter_ratio: float = Field(
        0.8,
        ge=0,
        le=1,
        description="share of dead letters among the last dead_letter_records of one partition, above which it "
        "is held and the others go on; more than one broken source among many makes; 0: no limit",
    )
    dead_letter_records: int = Field(
        1000,
        ge=1,
        le=10_000,
        description="number of records of a partition over which dead_letter_ratio is taken; it holds only after so "
        "many records",
    )

    @model_validator(mode="after")
    def _hanging_is_longer_than_delivering(self) -> Self:
        if self.hang_seconds <= self.delivery_timeout_seconds:
            raise ValueError(
                f"hang_seconds ({self.hang_seconds:g}) must be longer than delivery_timeout_seconds "
                f"({self.delivery_timeout_seconds:g}), within which a delivery may still be made"
            )
        return self
