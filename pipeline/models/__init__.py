"""The records, one noun family a file; column for column what a bundle carries."""

from pipeline.models.accounts import Account, AccountFact, AccountMove, Contact, Relationship
from pipeline.models.activities import Activity
from pipeline.models.deals import Deal, DealChange, DealContact, DealFact, DealMove, Stage, StageChange
from pipeline.models.history import AccountSpan, Cost, DealSpan, Episode, Unsettled
from pipeline.models.imports import BeforeImage, ImportBatch, PastRecord
from pipeline.models.materials import ActivityMaterial, Material
from pipeline.models.organisation import Organisation, Setting
from pipeline.models.participants import ActivityContact
from pipeline.models.people import Absence, JobCost, Rep, Team, TeamMove, TimeEntry
from pipeline.models.sources import ExchangeRate, LeadSource, RebateTier, Spend

__all__ = [
    "Absence",
    "Account",
    "AccountFact",
    "AccountMove",
    "AccountSpan",
    "Activity",
    "ActivityContact",
    "ActivityMaterial",
    "BeforeImage",
    "Contact",
    "Cost",
    "Deal",
    "DealChange",
    "DealContact",
    "DealFact",
    "DealMove",
    "DealSpan",
    "Episode",
    "ExchangeRate",
    "ImportBatch",
    "JobCost",
    "LeadSource",
    "Material",
    "Organisation",
    "PastRecord",
    "RebateTier",
    "Relationship",
    "Rep",
    "Setting",
    "Spend",
    "Stage",
    "StageChange",
    "Team",
    "TeamMove",
    "TimeEntry",
    "Unsettled",
]
