"""Compiled: plain loops over arrays that numba turns into machine code.

A function under :func:`compiled` is ordinary Python and gives the same uncompiled (``NUMBA_DISABLE_JIT=1``), only some
hundred times slower. Its machine code is kept in ``__pycache__`` beside its source, or under ``NUMBA_CACHE_DIR``, for a
generic processor, so that what ``make install`` or the image compiled serves any machine and a read-only container.
``python -m monitor.scoring.warm`` compiles all of it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import numba
from numba.core import caching

Function = TypeVar("Function", bound=Callable[..., Any])

# A cache made for one processor would be compiled again, 3 s a function, on the next one.
numba.config.CPU_NAME = os.environ.get("NUMBA_CPU_NAME", "generic")  # type: ignore[attr-defined]
# By the name alone numba would take the features of the processor on which it compiles.
numba.config.CPU_FEATURES = os.environ.get("NUMBA_CPU_FEATURES", "")  # type: ignore[attr-defined]

#: Every compiled function.
FUNCTIONS: list[Any] = []


class ReadOnlyLocator(caching.InTreeCacheLocator):
    """The cache beside the source where one may read it and not write: numba's own locators ask for both."""

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Self | None:
        """None where nothing was compiled of the function yet."""
        folder = Path(py_file).parent / "__pycache__"
        kept = folder.glob(f"{Path(py_file).stem}.{py_func.__qualname__}-*.nbi")
        return cls(py_func, py_file) if any(kept) else None

    def ensure_cache_path(self) -> None:
        """Nothing is made: what is there is read."""


class _ReadOnlyCache(caching.FunctionCache):
    def save_overload(self, sig: Any, data: Any) -> None:
        """Nothing is written: what the cache lacks is compiled in each process."""


# Before the cache in the user's home, which would be filled anew.
if ReadOnlyLocator not in caching.CacheImpl._locator_classes:
    _place = caching.CacheImpl._locator_classes.index(caching.UserWideCacheLocator)
    caching.CacheImpl._locator_classes.insert(_place, ReadOnlyLocator)


@functools.cache
def _sources() -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of each file with compiled functions: where one has changed, nothing kept is used.

    Machine code holds that of the functions which it calls, and numba compares the file of the function alone: after
    a constant of another file had changed, it wrote past the end of an array.
    """
    files = sorted(file for file in Path(__file__).parent.rglob("*.py") if b"@compiled" in file.read_bytes())
    return tuple((file.name, (found := file.stat()).st_mtime_ns, found.st_size) for file in files)


def compiled(function: Function) -> Function:
    """The function as machine code, made on its first call or read from the cache; errors are Python's."""
    result: Any
    try:
        result = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Nowhere to keep it: a read-only home, and an installation without a cache. It is compiled in memory.
        result = numba.njit(nogil=True)(function)
    cache = getattr(result, "_cache", None)
    if isinstance(cache, caching.FunctionCache) and isinstance(cache._impl.locator, ReadOnlyLocator):
        result._cache = cache = _ReadOnlyCache(function)  # type: ignore[no-untyped-call]
    if isinstance(cache, caching.FunctionCache):
        index = cache._cache_file
        index._source_stamp = index._source_stamp, _sources()
    FUNCTIONS.append(result)
    return cast(Function, result)
