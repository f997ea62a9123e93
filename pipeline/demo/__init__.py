"""The demo world: Adige Pumps, whose reps differ on purpose, over the eighteen months before a day."""

from pipeline.demo.cast import PASSWORD, SIGN_INS
from pipeline.demo.sowing import AlreadyPeopled, seed

__all__ = ["PASSWORD", "SIGN_INS", "AlreadyPeopled", "seed"]
