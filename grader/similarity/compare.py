"""Compares the submissions of a class: reads them, weighs what they have, looks again at the pairs that stand out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader._util.load import cores
from grader.assignments.loader import AssignmentError
from grader.authoring.release import build
from grader.errors import UserError
from grader.models import Assignment, Submission
from grader.similarity.fingerprints import Hashes, Piece
from grader.similarity.parser_process import ParsedAnswer, ParseRequest, ParserPool
from grader.similarity.scoring import Background, Pair, rank_pairs, weigh_questions
from grader.similarity.side_by_side import SideBySide, function_names, side_by_side
from grader.submissions.spool import SubmissionSpool

SUBMISSIONS_PER_PARSER = 20  # submissions for which one more is worth starting
MAX_PAIRS = 50  # pairs on a page
KNOWN_ANSWER_FILES = ("alternatives.py", "misconceptions.py")  # the author's own lists, where there are any
QuestionPrints = dict[str, Hashes]  # question -> fingerprints, sorted, without repetition


class NothingToCompare(UserError):
    """There are no two submissions; the message is one sentence for the user."""


class SimilarPair(msgspec.Struct, frozen=True):
    """Two submissions that stand out."""

    first: str
    second: str
    # -log2 of the probability that the two share this much by chance; the JSON key keeps its older name
    bits: float = msgspec.field(name="tosses")
    share: float  # of what there is to tell of the one of whom less can be told, 0 to 1
    rare: float  # fingerprints that hardly anybody else has, eight or so to a line
    functions: tuple[tuple[str, str], ...]  # what is alike, by its name in the first and in the second
    same_file: bool = False


class SimilarityResult(msgspec.Struct, frozen=True):
    """What a comparison of a class has found."""

    assignment: str
    compared: int
    usual: tuple[float, float, float]  # tosses that 50, 10 and 1 of 100 pairs exceed
    expected: float  # tosses that one pair of such a class reaches by chance
    pairs: tuple[SimilarPair, ...]  # the most alike first
    more: int  # pairs that stand out too, left out
    left_out: dict[str, str]  # student -> why the submission wasn't compared


def compare(
    assignment: Assignment, submissions: Sequence[Submission], contents: SubmissionSpool
) -> tuple[SimilarityResult, list[SideBySide]]:
    """What was found, and for each pair what stands side by side."""
    left_out = {one.student: one.rejection for one in submissions if one.rejection}
    asked = [one for one in submissions if not one.rejection]
    works, compared = list[QuestionPrints](), list[Submission]()
    with ParserPool(min(len(cores()), 1 + len(asked) // SUBMISSIONS_PER_PARSER)) as readers:
        reading = ClassReader(assignment, contents, readers)
        for one, answer in reading.answers(asked):
            if answer.problem or not answer.pieces:
                left_out[one.student] = answer.problem or "none of the graded names is in it"
            else:
                works.append(_work(answer.pieces))
                compared.append(one)
        if len(compared) < 2:
            came = f"there are no two submissions to compare: {len(submissions)} came"
            raise NothingToCompare(f"{came}, {_why(left_out)}")
        background = reading.background()
        questions = weigh_questions(works, assignment.question_names, background)
        ranking = rank_pairs(questions, _same(compared, works, background.given), MAX_PAIRS)
        shown = {place for pair in ranking.pairs for place in (pair.first, pair.second)}
        # Their texts are read again: those of a whole class would not be in memory for nothing.
        pieces = {one.student: answer.pieces for one, answer in reading.answers([compared[k] for k in sorted(shown)])}
    pairs = [(pair, compared[pair.first], compared[pair.second]) for pair in ranking.pairs]
    sides = [side_by_side(pieces[one.student], pieces[other.student], questions) for _, one, other in pairs]
    alike = tuple(_alike(*pair, function_names(side)) for pair, side in zip(pairs, sides, strict=True))
    told = (ranking.usual, ranking.expected, alike, ranking.more, dict(sorted(left_out.items())))
    return SimilarityResult(assignment.name, len(compared), *told), sides


@dataclass(frozen=True)
class ClassReader:
    """Reads what is compared, and what it is compared with."""

    assignment: Assignment
    contents: SubmissionSpool
    readers: ParserPool

    def answers(self, submissions: Sequence[Submission]) -> Iterator[tuple[Submission, ParsedAnswer]]:
        """What was read of each, in the order of the submissions."""
        names = self.assignment.question_names
        requests = (ParseRequest(self.contents.get(one.digest), one.file, names) for one in submissions)
        early: dict[int, ParsedAnswer] = {}
        following = 0
        for number, answer in self.readers.parse(requests):
            early[number] = answer
            while following in early:
                yield submissions[following], early.pop(following)
                following += 1

    def background(self) -> Background:
        """What students were given, the solution, and the other answers that the author knows."""
        released = build(self.assignment.folder)
        given = {name: content for name, content in released.items() if name.endswith((".py", ".ipynb"))}
        paths = [self.assignment.notebook, *(self.assignment.folder / name for name in KNOWN_ANSWER_FILES)]
        files = [*given.items(), *((path.name, path.read_bytes()) for path in paths if path.is_file())]
        requests = [
            ParseRequest(content, name, self.assignment.question_names, all_statements=True) for name, content in files
        ]
        answers = [answer for _, answer in sorted(self.readers.parse(requests), key=itemgetter(0))]
        for (name, _), answer in zip(files, answers, strict=True):
            if answer.problem:
                raise AssignmentError(f"{self.assignment.folder.name}: {name} {answer.problem}")
        read, own = [_work(answer.pieces) for answer in answers], len(given)
        return Background(given=_all(read[:own]), solution=_all(read[own : own + 1]), known=_all(read[own + 1 :]))


def _alike(pair: Pair, one: Submission, other: Submission, names: tuple[tuple[str, str], ...]) -> SimilarPair:
    same_file = one.digest == other.digest
    return SimilarPair(one.student, other.student, pair.bits, pair.share, pair.rare, names, same_file)


def _work(pieces: Iterable[Piece]) -> QuestionPrints:
    found = defaultdict(list)
    for piece in pieces:
        found[piece.question].append(piece.hashes())
    return {question: np.unique(np.concatenate(hashes)) for question, hashes in found.items()}


def _all(works: Iterable[Mapping[str, Hashes]]) -> Hashes:
    every = [hashes for work in works for hashes in work.values()]
    return np.unique(np.concatenate([*every, np.empty(0, dtype=np.uint64)]))


def _same(submissions: Sequence[Submission], works: Sequence[QuestionPrints], given: Hashes) -> NDArray[np.int64]:
    """A number for each, the same for files that are the same byte for byte and hold something of a student's own."""
    numbers: dict[str, int] = {}
    found = []
    for place, (one, work) in enumerate(zip(submissions, works, strict=True)):
        own = not np.isin(_all([work]), given).all()
        found.append(numbers.setdefault(one.digest, place) if own else place)
    return np.array(found, dtype=np.int64)


def _why(left_out: Mapping[str, str]) -> str:
    if not left_out:
        return "and each needs another one"
    student, reason = next(iter(left_out.items()))
    return f"and {len(left_out)} can't be compared ({student}: {reason})"
