"""Compiled: plain loops over arrays that numba turns into machine code.

A function under :func:`compiled` is ordinary Python and gives the same uncompiled (``function.py_func``), only some
hundred times slower. Its machine code is kept in ``__pycache__`` beside its source, or under ``NUMBA_CACHE_DIR``, for a
generic processor, so that what ``make install`` or the image compiled serves any machine and a read-only container.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import caching

Function = TypeVar("Function", bound=Callable[..., Any])

# A cache made for one processor would be compiled again, 3 s a function, on the next one.
numba.config.CPU_NAME = os.environ.get("NUMBA_CPU_NAME", "generic")  # type: ignore[attr-defined]


class ReadOnlyLocator(caching.InTreeCacheLocator):
    """The cache beside the source where one may read it and not write: numba's own locators ask for both."""

    def ensure_cache_path(self) -> None:
        if not os.access(Path(self._py_file).parent / "__pycache__", os.R_OK | os.X_OK):
            raise OSError(f"no cache of compiled code beside {self._py_file}")


if ReadOnlyLocator not in caching.CacheImpl._locator_classes:
    caching.CacheImpl._locator_classes.append(ReadOnlyLocator)


def compiled(function: Function) -> Function:
    """The function as machine code, made on its first call or read from the cache; errors are Python's."""
    try:
        result: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Nowhere to keep it: a read-only home, and an installation without a cache. It is compiled in memory.
        result = numba.njit(nogil=True)(function)
    return cast(Function, result)
