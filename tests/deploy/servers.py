"""A real Prometheus and a real Alertmanager on the shipped files, with their intervals shortened."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from tests.conftest import without
from tests.kafka.server import free_port

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
#: Where durations stand in an expression: [5m], offset 7d.
DURATION = re.compile(r"(\[|offset )(\d+)([smhdw])")
#: Seconds: between scrapes and between evaluations; the shortest range, which must hold several scrapes.
TURN, SHORTEST_RANGE = 1.0, 5.0


class Shortened:
    """Divides durations; nothing else of the shipped files is touched but the addresses."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def seconds(self, duration: str, least: float = TURN) -> float:
        """A duration, such as ``5m``, in shortened seconds."""
        return max(int(duration[:-1]) * UNITS[duration[-1]] / self.factor, least)

    def duration(self, duration: str, least: float = TURN) -> str:
        return f"{self.seconds(duration, least) * 1000:.0f}ms"

    def rules(self, text: str) -> str:
        """A file of rules."""
        loaded = yaml.safe_load(text)
        for group in loaded["groups"]:
            group["interval"] = f"{TURN:g}s"
            for rule in group["rules"]:
                rule["expr"] = DURATION.sub(
                    lambda m: m[1] + self.duration(m[2] + m[3], SHORTEST_RANGE if m[1] == "[" else TURN), rule["expr"]
                )
                for key in ("for", "keep_firing_for"):
                    if key in rule:
                        rule[key] = self.duration(rule[key])
        return yaml.safe_dump(loaded)

    def prometheus(self, text: str, worker: str, alertmanager: str) -> str:
        """Prometheus' configuration, of one worker."""
        loaded = yaml.safe_load(text)
        loaded["global"] |= dict.fromkeys(("scrape_interval", "scrape_timeout", "evaluation_interval"), f"{TURN:g}s")
        (scrape,) = loaded["scrape_configs"]
        del scrape["dns_sd_configs"]
        scrape["static_configs"] = [{"targets": [worker]}]
        loaded["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": [alertmanager]}]}]
        return yaml.safe_dump(loaded)

    def alertmanager(self, text: str, webhook: str, token: Path) -> str:
        """Alertmanager's configuration; the receivers keep their paths."""
        loaded = yaml.safe_load(text)
        for route in (loaded["route"], *loaded["route"]["routes"]):
            for key in ("group_wait", "group_interval"):
                if key in route:
                    route[key] = self.duration(route[key])
        for receiver in loaded["receivers"]:
            for hook in receiver["webhook_configs"]:
                hook["url"] = re.sub(r"//[^/]+", f"//{webhook}", hook["url"])
                hook["http_config"]["authorization"]["credentials_file"] = str(token)
        return yaml.safe_dump(loaded)


@contextlib.contextmanager
def server(names: tuple[str, ...], ready: str, log: Path, *arguments: str) -> Iterator[None]:
    """A server process, by the first of the names that is installed, ended at the end of the block.

    Raises:
        TimeoutError: it did not answer at ``ready`` within 30 s, or ended; the message shows its log.
    """
    path = next(filter(None, map(shutil.which, names)), None) or without(f"no {names[0]}; Debian's packages have it")
    with log.open("wb") as out:
        process = subprocess.Popen([path, *arguments], stdout=out, stderr=out, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while not answers(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"{path}: {log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait(30)


def answers(url: str) -> bool:
    """Whether there is an answer of 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def alertmanager(folder: Path, shortened: Shortened, webhook: str, token: str) -> Iterator[str]:
    """An Alertmanager that posts to a webhook; gives its address."""
    address = f"127.0.0.1:{free_port()}"
    (folder / "token").write_text(token)
    shipped = (DEPLOY / "alertmanager" / "alertmanager.yml").read_text()
    (folder / "alertmanager.yml").write_text(shortened.alertmanager(shipped, webhook, folder / "token"))
    with server(
        ("alertmanager", "prometheus-alertmanager"),
        f"http://{address}/-/ready",
        folder / "alertmanager.log",
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ):
        yield address


@contextlib.contextmanager
def prometheus(folder: Path, shortened: Shortened, worker: str, alertmanager: str) -> Iterator[str]:
    """A Prometheus that scrapes one worker; gives its address."""
    address = f"127.0.0.1:{free_port()}"
    for name in ("rules.yml", "alerts.yml"):
        (folder / name).write_text(shortened.rules((DEPLOY / "prometheus" / name).read_text()))
    shipped = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
    (folder / "prometheus.yml").write_text(shortened.prometheus(shipped, worker, alertmanager))
    with server(
        ("prometheus",),
        f"http://{address}/-/ready",
        folder / "prometheus.log",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        f"--web.listen-address={address}",
    ):
        yield address


def query(address: str, expression: str) -> list[dict[str, Any]]:
    """The result of an instant query."""
    url = f"http://{address}/api/v1/query?{urlencode({'query': expression})}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        result: list[dict[str, Any]] = yaml.safe_load(answer.read())["data"]["result"]
    return result
