"""Releases for the API and the pages: since when students see results."""

from __future__ import annotations

from fastapi import HTTPException
from pydantic import BaseModel, Field

from grader.gradebook.course_lists import announced_grades
from grader.policies.release import EVERYTHING
from grader.server.people.desk import (
    Desk,
    Name,
    Strict,
)


class NewRelease(Strict):
    """Release of the results of a question, or of everything."""

    question: Name = EVERYTHING


class ReleaseRow(BaseModel):
    """A release: students see the results since then."""

    question: str = Field(description="empty: everything")
    who: str
    at: str = Field(description="UTC, ISO 8601")


def list_releases(desk: Desk) -> list[ReleaseRow]:
    """Return the releases, oldest first."""
    return [
        ReleaseRow(question=one.question, who=one.who, at=one.at)
        for one in desk.portal.releases.of_assignment(desk.assignment)
    ]


def release_results(desk: Desk, question: str) -> list[ReleaseRow]:
    """Release the results of a question, or of everything. Raises HTTPException 404 if there is no such question."""
    if question and question not in desk.course.assignment.question_names:
        raise HTTPException(404, f"The assignment has no question {question[:100]}.")
    announced = () if question else announced_grades(desk.portal.book, desk.assignment)
    desk.portal.releases.add(desk.assignment, question, desk.person.id, announced)
    desk.changed()
    return list_releases(desk)
