"""The image, without a container engine: the Dockerfile's own commands run in an empty folder, and what they made."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor import __version__
from monitor.demo.broker import embedded_broker
from tests.kafka.topics import Topics
from tests.kafka.worker import Worker

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = ROOT / "Dockerfile"
LINES = ROOT / "monitor" / "demo" / "articles.jsonl"


class Instruction(NamedTuple):
    """One instruction of a Dockerfile."""

    name: str
    value: str


def stages() -> list[list[Instruction]]:
    """The instructions of each stage, its FROM first; comments left out, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.M).replace("\\\n", " ")
    stages: list[list[Instruction]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, value = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append(Instruction(name, value.strip()))
    return stages


def last(name: str) -> str:
    """The value in force of an instruction of the final stage."""
    return [i.value for i in stages()[-1] if i.name == name][-1]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in place of the final image's root, filled by the first stage's own instructions."""
    root = tmp_path_factory.mktemp("image")
    folder = root
    for name, value in stages()[0]:
        if name == "WORKDIR":
            folder = root / value.lstrip("/")
            folder.mkdir(parents=True)
        elif name == "COPY":
            *sources, target = value.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, folder / target)
        elif name == "RUN":
            path = f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"
            result = subprocess.run(
                ["sh", "-ec", value.replace("/opt/", f"{root}/opt/")],
                cwd=folder,
                env={"PATH": path, "HOME": str(root)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert result.returncode == 0, result.stdout + result.stderr
    shutil.rmtree(root / "src")
    return root


def test_hadolint_finds_nothing() -> None:
    result = subprocess.run(
        [Path(sys.executable).parent / "hadolint", DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "")


def test_only_the_finished_environment_reaches_the_final_stage() -> None:
    build, final = stages()
    assert build[0].value == f"{final[0].value} AS build"
    assert re.fullmatch(r"python:3\.12\.\d+-slim-\w+", final[0].value), "pinned to a release"
    assert [i.value for i in final if i.name == "COPY"] == ["--from=build /opt/monitor /opt/monitor"]
    assert not [i for i in final if i.name in ("RUN", "ADD")]
    uid, _, gid = last("USER").partition(":")
    assert int(uid) > 0
    assert int(gid) > 0
    assert f'org.opencontainers.image.version="{__version__}"' in last("LABEL")


def test_only_copied_files_are_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {source for i in stages()[0] if i.name == "COPY" for source in i.value.split()[:-1]}
    assert sent == copied


@pytest.mark.slow
def test_the_installed_versions_are_those_tested_together(image: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", image / "opt/monitor/bin/python", "list", "--format", "json"],
        capture_output=True,
        check=True,
    )
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    pinned = {name.lower().replace("_", "-"): version for name, version in pinned.items()}
    for package in json.loads(listed.stdout):
        name = package["name"].lower().replace("_", "-")
        if name != "syndication-monitor":
            assert package["version"] == pinned.get(name), f"{name}: not in constraints.txt"


@pytest.mark.slow
def test_the_commands_run_from_an_empty_folder(image: Path, tmp_path: Path) -> None:
    program = image / "opt/monitor/bin/monitor"
    environment = {"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": "/nonexistent"}
    help_ = subprocess.run([program, "--help"], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert b"worker" in help_.stdout
    scored = subprocess.run([program, "score", LINES], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert len(scored.stdout.splitlines()) == 49
    assert list(tmp_path.iterdir()) == []


class Installed(Worker):
    """The worker as the image starts it: its entry point, its environment, an empty folder that cannot be written."""

    def __init__(self, image: Path, folder: Path, log: Path, broker: str) -> None:
        super().__init__(log, broker)
        self._image = image
        self._folder = folder

    def start(self) -> None:
        """Start it; does not wait until it is ready."""
        entry = [*json.loads(last("ENTRYPOINT")), *json.loads(last("CMD"))]
        settings = {f"MONITOR_{name.upper()}": str(value) for name, value in self._settings.items()}
        path = f"{self._image}/opt/monitor/bin:/usr/bin:/bin"
        with self.log.open("ab") as log:
            self._begin = log.tell()
            self.process = subprocess.Popen(
                [shutil.which(entry[0], path=path) or entry[0], *entry[1:]],
                cwd=self._folder,
                env=settings | {"PATH": path, "HOME": "/nonexistent", "TMPDIR": "/nonexistent"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@pytest.fixture
def installed(image: Path, tmp_path: Path) -> Iterator[Installed]:
    folder = tmp_path / "empty"
    folder.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    with embedded_broker(Topics.named()) as broker:
        process = Installed(image, folder, tmp_path / "worker.log", broker)
        process.start()
        try:
            yield process
        finally:
            if process.process is not None:
                process.process.kill()
                process.process.wait()


@pytest.mark.slow
def test_the_worker_starts_writes_nothing_and_its_health_check_passes(image: Path, installed: Installed) -> None:
    installed.wait_ready()
    assert installed.process is not None
    descriptors = Path(f"/proc/{installed.process.pid}/fd")
    for descriptor in descriptors.iterdir():
        try:
            target = descriptor.readlink()
            writable = bool(descriptor.lstat().st_mode & stat.S_IWUSR)
        except FileNotFoundError:
            # Closed since it was listed.
            continue
        assert not (writable and target.is_file() and target != installed.log), f"{target} is open for writing"
    port = re.search(r"http://\S+:(\d+)", installed.text())
    assert port is not None
    check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    check = [part.replace("8080", port[1]) for part in check]
    check[0] = str(image / "opt/monitor/bin" / check[0])
    assert subprocess.run(check, env={}, check=False).returncode == 0
    assert installed.end() == 0
    down = subprocess.run(check, env={}, capture_output=True, check=False)
    assert down.returncode == 1
