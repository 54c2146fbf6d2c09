"""py3langid's model, unpacked once and kept, because unpacking it takes 0.7 s of CPU and reading it unpacked 0.02 s.

The files that are kept are mapped into memory, so processes on one machine share them.
"""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

#: py3langid's names of the arrays, in the order in which ``load_model`` returns them.
ARRAYS = ("ptc", "pc", "classes", "nextmove", "nextmove_row", "out_feat")


def load_identifier(cache: Path | None = None) -> LanguageIdentifier:
    """The identifier over all its languages, with probabilities from 0 to 1.

    ``cache`` is a folder for the unpacked model. It is made on the first call and read on the next ones; where it
    cannot be written or read, the model is unpacked in memory, as it is without a cache.
    """
    if cache is None:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    folder = cache / f"py3langid-{version('py3langid')}"
    try:
        if not folder.is_dir():
            _unpack(folder)
        return _mapped(folder)
    except (OSError, EOFError, ValueError):
        # No home, a full disk, a damaged file: the model in the package is always there.
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _unpack(folder: Path) -> None:
    """Write the arrays; the folder appears whole or not at all, also where two processes begin at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for name, values in zip(ARRAYS, load_model(MODEL_DIR / MODEL_FILE), strict=True):
            np.save(unfinished / f"{name}.npy", np.asarray(values), allow_pickle=False)
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except OSError:
        # Another process was first, or the disk is full.
        shutil.rmtree(unfinished, ignore_errors=True)


def _mapped(folder: Path) -> LanguageIdentifier:
    ptc, pc, classes, nextmove, row, output = (
        np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS
    )
    # Its loop takes one number at a time, which a memoryview gives as fast as an array; a numpy array is far slower.
    return LanguageIdentifier(
        ptc, pc, classes.tolist(), memoryview(nextmove), output.tolist(), norm_probs=True, tk_row=row.tolist()
    )
