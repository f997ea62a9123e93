"""The cache: Redis, and while Redis is away a small one per process, so that pages and throttles go on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisSlow

# ResponseError: a Redis out of memory answers, but only with refusals.
AWAY = (RedisGone, RedisSlow, ResponseError)
CALLS = (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "has_key",
    "incr",
    "clear",
)


def _else_locally(call: str) -> Callable[..., Any]:
    in_redis = getattr(RedisCache, call)

    @wraps(in_redis)
    def attempt(self: "RedisOrLocalCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return in_redis(self, *args, **kwargs)
        except AWAY:
            return getattr(self.local, call)(*args, **kwargs)

    return attempt


class RedisOrLocalCache(RedisCache):
    """What is written while Redis is away is forgotten when it returns: cache nothing that must be true."""

    def __init__(self, server: str, params: dict) -> None:
        super().__init__(server, dict(params))
        bounded = {**params, "TIMEOUT": 60, "OPTIONS": {"MAX_ENTRIES": 1000}}
        self.local = LocMemCache(f"instead of {server}", bounded)


for _call in CALLS:
    setattr(RedisOrLocalCache, _call, _else_locally(_call))
