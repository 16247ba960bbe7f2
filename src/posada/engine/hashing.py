"""Stable names to 64-bit keys of luck."""

from __future__ import annotations

import hashlib
from functools import lru_cache


@lru_cache(maxsize=65536)
def key_of(*names: object) -> int:
    """A 64-bit hash of names; the same on every machine and in every session."""
    text = "\0".join(str(name) for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
