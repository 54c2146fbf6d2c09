"""The files that a person means: files as they are, folders with all that is in them, patterns."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Standard input.
STDIN = Path("-")


def files_in(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Each file once for each time it is named: those in a folder, at any depth, in the order of their names.

    A path that does not exist and holds ``*``, ``?`` or ``[`` is a pattern, in which ``**`` stands for any folders.
    What begins with a dot is left out of folders and patterns. A path that means nothing is given as it is, so that
    opening it says what is wrong.
    """
    for path in map(Path, paths):
        if path.is_dir():
            yield from _in_folder(path)
        elif path != STDIN and not path.exists() and glob.has_magic(str(path)):
            matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207
            yield from (match for match in matches if match.is_file())
            if not matches:
                yield path
        else:
            yield path


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _in_folder(path)
        elif path.is_file():
            yield path
