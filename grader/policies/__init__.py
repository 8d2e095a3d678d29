"""What counts: from hand-ins, a policy, extensions and adjustments to a grade with its ledger. Pure functions.

Nothing here reads a clock, a file or a database: equal arguments give equal grades.
"""

from grader.policies.decide import days_after, decide, worth
from grader.policies.policy import AttemptRule, EarlyRule, LateRule, LateStep, Policy, PolicyProblem
from grader.policies.records import (
    Adjustment,
    CaseScore,
    Extension,
    FlaggedAdjustment,
    Grade,
    HandIn,
    LedgerLine,
    QuestionScore,
)

__all__ = [
    "Adjustment",
    "AttemptRule",
    "CaseScore",
    "EarlyRule",
    "Extension",
    "FlaggedAdjustment",
    "Grade",
    "HandIn",
    "LateRule",
    "LateStep",
    "LedgerLine",
    "Policy",
    "PolicyProblem",
    "QuestionScore",
    "days_after",
    "decide",
    "worth",
]
