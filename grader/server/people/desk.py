"""An assignment of the portal and who works on it, and what all decisions of people share."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from fastapi import Depends, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field

from grader.gradebook.adjustments import AdjustmentRefused
from grader.gradebook.errors import GradebookError
from grader.gradebook.extensions import ExtensionRefused
from grader.gradebook.report_places import NoSuchPlace
from grader.gradebook.requests import RequestRefused
from grader.gradebook.roster import Person
from grader.gradebook.written_text import MAX_WRITTEN, TextRefused
from grader.policies.policy import MAX_POINTS
from grader.server.auth import TheCourse, ThePortal, TheViewer
from grader.server.naming import Naming
from grader.server.portal import Course, Portal

Name = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_WRITTEN)]
Points = Annotated[float, Field(ge=0, le=MAX_POINTS, allow_inf_nan=False)]
Difference = Annotated[float, Field(ge=-MAX_POINTS, le=MAX_POINTS, allow_inf_nan=False)]
Verdict = Literal["passed", "failed"]
Number = Annotated[int, Path(ge=0, le=2**53)]  # in an address


class Strict(BaseModel):
    """Body of a request, whose unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")


class Withdrawal(Strict):
    """Why an adjustment or an extension no longer holds."""

    reason: Text


class Desk(NamedTuple):
    """An assignment of the portal, and who works on it."""

    portal: Portal
    course: Course
    person: Person

    @property
    def assignment(self) -> str:
        """Return the name of the assignment."""
        return self.course.assignment.name

    @property
    def naming(self) -> Naming:
        """Return the names of students as they may be known now."""
        return self.portal.view(self.assignment).naming

    def changed(self) -> None:
        """Wake the pages that show the assignment."""
        self.portal.live.publish(self.assignment)


def desk_of(course: TheCourse, portal: ThePortal, viewer: TheViewer) -> Desk:
    """Return the assignment of a path, and who asks."""
    return Desk(portal, course, viewer.person)


TheDesk = Annotated[Desk, Depends(desk_of)]


def refused(problem: GradebookError) -> HTTPException:
    """Return the answer to a request that the gradebook refused. Raises other errors again."""
    if isinstance(problem, NoSuchPlace):
        return HTTPException(404, sentence(problem))
    if isinstance(problem, TextRefused):
        return HTTPException(422, sentence(problem))
    if isinstance(problem, AdjustmentRefused | ExtensionRefused | RequestRefused):
        return HTTPException(409, sentence(problem))
    raise problem


def sentence(problem: GradebookError) -> str:
    """Return an error as a sentence."""
    text = str(problem)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(("?", ".")) else ".")


def shown_student(naming: Naming, shown: str) -> Person:
    """Return a student by the id that is shown. Raises HTTPException 404."""
    person = naming.find(shown)
    if person is None or person.role != "student":
        raise HTTPException(404, f"There is no student {shown[:100]} in the roster.")
    return person
