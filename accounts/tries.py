"""How often something was tried within a while: a count in the cache, forgotten with it."""

from django.core.cache import cache


def count(key: str, *, seconds: int) -> int:
    """Count one more try and return how many there are now; 1 where the cache is away.

    :param seconds: how long the count is kept, from its first try.
    """
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key) or 1)
    except ValueError:  # It has run out since it was added, or was not kept.
        return 1
