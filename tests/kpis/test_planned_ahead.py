"""A record dated beyond every period waits for its day and holds nobody else up."""

from kpis.models import Stale
from kpis.recompute import drain
from kpis.verify import differences


def test_a_meeting_planned_for_next_year_holds_no_figure_up(world, now):
    world.deal(world.ada, ("qualified", "2026-05-01T10:00"), ("won", "2026-06-01T10:00"))
    drain()
    world.meeting(world.ada, "2027-02-01T10:00", world.carla, status="planned")
    assert drain() > 0
    assert not Stale.objects.exists()
    assert differences() == []
    assert world.value("deals_won", world.ada, "2026-06") == 1
