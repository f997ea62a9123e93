"""What coaching keeps of its own: sessions and commitments, rubrics, who looked, what was contested, who is told."""

from coaching.models.attention import DealRank
from coaching.models.fairness import Contest, Look
from coaching.models.notices import Notice, Subscription
from coaching.models.rubrics import Criterion, Observation, Rubric, Score
from coaching.models.sessions import Commitment, PrivateNote, Question, Series, Session, SessionDeal

__all__ = [
    "Commitment",
    "Contest",
    "Criterion",
    "DealRank",
    "Look",
    "Notice",
    "Observation",
    "PrivateNote",
    "Question",
    "Rubric",
    "Score",
    "Series",
    "Session",
    "SessionDeal",
    "Subscription",
]
