"""The contract of a stage: all that is needed to write the next one.

A stage is one file here and one line in ``STAGES`` (``stages/__init__.py``). It reads one topic and writes
others; it knows no other stage, no Kafka client and no Faust. The worker runs it as a Faust app with a
consumer group of its own, so that a rebalance or a stuck record of one stage leaves the others alone.

**Topics.** A stage declares, as class attributes, the topic that it ``reads``, those that it ``writes``,
those that it ``follows`` and the one in which it ``stores`` its state. Each is a :class:`~monitor.streaming.
topics.Topic`: name, key, what it holds, retention or compaction, size of a record, partitions. ``monitor
topics create``, the check at start, Strimzi's file and the table in the docs are made from these. The topic
of dead letters is everyone's and is not declared.

**Records.** :meth:`Stage.outputs` is called once for each record of ``reads``, in the order of each partition's
offsets. What it returns is delivered, and only then is the record's offset committed. The worker delivers at
least once: after a crash or a rebalance the records after the committed offset come again, so outputs are
keyed such that a consumer that keeps the last of each key sees each once. An output names its topic in
full: ``self.writes[0].full_name(prefix)``.

**Time.** There is no wall clock. The stream time of a partition is the highest timestamp of its records so
far. Whenever it has passed a multiple of ``tick_seconds``, :meth:`Stage.tick` is called after the
record's ``outputs``; what it returns is delivered with the record.

**Failures.** For a record that cannot be handled, ``outputs`` raises :class:`Refused`: the record goes to
the dead letters as it came, with the reason, is counted, and the stage goes on. A stage raises it before it
has changed its state. Any other exception, and any from another method, is a defect: the worker ends with
``ExitCode.STAGE_FAILED``, and the record is not committed.

**An output that is too large** for its topic is replaced by one dead letter for its record, with the reason
``too_large``, however many of the record's outputs are refused.

**State** is a fold over ``reads``, and depends on nothing else: neither the wall clock nor other partitions.
Each partition has its own state. When the worker is given a partition, it calls :meth:`Stage.restore` with
what the stage stored in ``stores`` for it, then ``outputs`` and ``tick`` with the records from the earliest
offset that is needed up to the committed one, and throws what they return away. Then it goes on.

- An output to ``stores`` carries in its headers the partition and the offset that the state includes; the
  worker adds them (:class:`Included`). A record at or below the offset that the state of its key includes
  may come again: the stage gives its outputs and leaves the state as it is.
- :meth:`Stage.drop` says that a partition is no longer this worker's, or will be restored anew.
- State is bounded; the stage's docstring says by what.

**Followed topics** are compacted and read whole by every worker, before any record is handled and on from
there: :meth:`Stage.follow` is given each record, one without a value where its key was deleted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple, Self

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.latest_bad import LatestBad
from monitor.streaming.topics import Topic


class Refused(Exception):
    """A record that a stage cannot handle. Its message is the cause's."""

    def __init__(self, reason: str, step: str, cause: Exception) -> None:
        """``reason`` is one of the stage's ``reasons``; ``step`` is what was being done, ``decode`` or ``score``."""
        super().__init__(str(cause))
        self.reason = reason
        self.step = step
        self.cause = cause


class Included(NamedTuple):
    """Which records a stored state includes: those of a partition of ``reads`` up to an offset, this one too."""

    partition: int
    offset: int
    #: Seconds since 1970: the stream time of the partition then.
    stream_time: float


@dataclass(frozen=True)
class Surroundings:
    """What a stage may use of the process that it runs in."""

    settings: Settings
    metrics: Metrics
    #: The latest bad verdicts, which the page shows.
    latest_bad: LatestBad
    #: For times that are written down; nothing that a stage decides may depend on it.
    clock: Callable[[], datetime]


class Stage(ABC):
    """One stage of the stream; see the module for the contract."""

    #: In ``--stages``, in the log, and behind the dot of the consumer group's name.
    name: ClassVar[str]
    reads: ClassVar[Topic]
    writes: ClassVar[tuple[Topic, ...]]
    follows: ClassVar[tuple[Topic, ...]] = ()
    #: Compacted; ``None`` for a stage without state, or with state that ``reads`` holds whole.
    stores: ClassVar[Topic | None] = None
    #: Every reason of :class:`Refused`, so that their counters begin at 0; and the one of an output that is
    #: too large.
    reasons: ClassVar[tuple[str, ...]] = ()
    too_large: ClassVar[str] = "output_too_large"
    #: Whether the stage has state: then nothing is handled before it is folded up to the committed offset.
    stateful: ClassVar[bool] = False
    tick_seconds: ClassVar[float] = 60.0

    @classmethod
    @abstractmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage of one worker, with empty state. Reads models; makes no connection."""

    @abstractmethod
    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """The outputs of one record; none is allowed.

        Raises:
            Refused: the record cannot be handled; the state is as before.
        """

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        """The outputs that time alone makes, of one partition: closed slices, what is stored from time to time.

        ``stream_time`` is the multiple of ``tick_seconds``, in seconds since 1970, that was passed last.
        """
        return ()

    def restore(self, stored: InputRecord, included: Included) -> None:
        """Take over what was stored of a partition's state under one key; only called of a stage that ``stores``."""
        raise NotImplementedError(f"the stage {self.name} stores state and does not restore it")

    def drop(self, partition: int) -> None:
        """Throw away the state of a partition; a stage without state has none."""

    def follow(self, record: InputRecord) -> None:
        """Take in one record of a followed topic; only called of a stage that ``follows``."""
        raise NotImplementedError(f"the stage {self.name} follows topics and does not take them in")
