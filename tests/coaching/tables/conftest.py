"""The small world of hand-worked numbers, on its fixed day."""

from tests.kpis.conftest import now, world

__all__ = ["now", "world"]
