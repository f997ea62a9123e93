"""The cache goes on while Redis is away."""

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache

from coaching.cache import CALLS, RedisOrLocalCache


def unreachable() -> RedisOrLocalCache:
    return RedisOrLocalCache("unix:///nowhere/redis.sock", {"KEY_PREFIX": "t"})


def test_redis_holds_what_is_cached() -> None:
    cache.set("word", "here", 5)
    assert cache._cache.get_client().exists(cache.make_key("word")) == 1  # type: ignore[attr-defined]


def test_throttles_still_count_without_redis() -> None:
    away = unreachable()
    assert away.add("tries", 1)
    assert not away.add("tries", 1)
    assert away.incr("tries") == 2
    assert away.get_many(["tries", "other"]) == {"tries": 2}


def test_what_was_cached_while_redis_was_away_is_not_mixed_with_redis() -> None:
    away = unreachable()
    away.set("only-local", 1)
    assert cache.get("only-local") is None


def test_every_call_that_reaches_redis_has_a_way_out() -> None:
    assert set(CALLS) <= set(dir(BaseCache))
    for call in CALLS:
        assert getattr(RedisOrLocalCache, call).__wrapped__
