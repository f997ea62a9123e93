"""Six reps of one job who make calls in May, to be judged beside one another."""

from datetime import date

from kpis.judging.flags import Judgements, judge
from kpis.judging.peers import presence
from kpis.periods import Calendar
from kpis.readings import read
from kpis.subjects import Subject

TODAY = date(2026, 6, 15)
MAY_DAYS = [4, 5, 6, 7, 8, 11, 12, 13, 14, 15]


class Crowd:
    """Ada, Ben, Cleo, Dario and two more make calls in May; of Ben's hardly one is reached."""

    def __init__(self, world):
        self.world = world
        self.reps = [world.ada, world.ben, world.cleo, world.dario, world.rep("Elif", world.north)]
        self.reps.append(world.rep("Finn", world.north))
        self.period = Calendar.current().parse("2026-05")

    def calls(self, rep, made: int, reached: int):
        for n in range(made):
            at = f"2026-05-{MAY_DAYS[n % 10]:02}T{9 + n // 10:02}:{n % 10:02}"
            self.world.call(rep, at, self.world.carla, outcome="reached" if n < reached else "no_answer")

    def judged(self, *keys: str) -> Judgements:
        there = presence(self.reps, self.period, TODAY)
        cards = read([Subject.rep(rep.pk) for rep in self.reps], [self.period])
        return judge(self.reps, self.period, keys, there, cards)
