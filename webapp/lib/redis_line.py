"""Connections to Redis that give up soon: whoever holds one has something better to do than wait."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(url: str, seconds: float) -> redis.Redis:
    """One that waits at most so long, and does not try again."""
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )
