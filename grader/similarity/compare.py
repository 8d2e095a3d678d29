"""Compare the submissions of a class: parse them, score all pairs, and show the pairs that stand out side by side."""

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
from grader.authoring.release import build_release
from grader.errors import UserError
from grader.models import Assignment, Submission
from grader.similarity.fingerprints import Hashes, Piece
from grader.similarity.limits import MAX_PAIRS
from grader.similarity.parser_process import ParsedAnswer, ParseRequest, ParserPool
from grader.similarity.scoring import Background, ScoredPair, rank_pairs, weigh_questions
from grader.similarity.side_by_side import SideBySide, function_names, side_by_side
from grader.submissions.spool import SubmissionSpool

SUBMISSIONS_PER_PARSER = 20  # with fewer, starting another process takes longer than it saves
KNOWN_ANSWER_FILES = ("alternatives.py", "misconceptions.py")  # files of an assignment; both are optional
QuestionPrints = dict[str, Hashes]  # question -> fingerprints, sorted, without repetition


class NothingToCompare(UserError):
    """There are fewer than two submissions to compare."""


class SimilarPair(msgspec.Struct, frozen=True):
    """Two submissions that stand out."""

    first: str
    second: str
    # -log2 of the probability that the two share this much by chance; the JSON key keeps its older name
    bits: float = msgspec.field(name="tosses")
    share: float  # shared bits, as a share of all bits of the submission that has fewer, 0 to 1
    rare: float  # shared fingerprints that hardly anybody else has; about 8 a line
    functions: tuple[tuple[str, str], ...]  # similar functions: name in the first, name in the second
    same_file: bool = False


class SimilarityResult(msgspec.Struct, frozen=True):
    """Result of comparing a class."""

    assignment: str
    compared: int
    usual: tuple[float, float, float]  # bits that 50, 10 and 1 of 100 pairs exceed
    expected: float  # bits that one pair of a class of this size reaches by chance
    pairs: tuple[SimilarPair, ...]  # most similar first
    more: int  # number of further pairs that stand out
    left_out: dict[str, str]  # student -> why the submission wasn't compared


def compare(
    assignment: Assignment, submissions: Sequence[Submission], contents: SubmissionSpool
) -> tuple[SimilarityResult, list[SideBySide]]:
    """Compare the submissions of an assignment, whose contents are in `contents`.

    Return the result, and for each of its pairs the similar code side by side. Raises NothingToCompare if fewer than
    two submissions can be compared.
    """
    left_out = {one.student: one.rejection for one in submissions if one.rejection}
    readable = [one for one in submissions if not one.rejection]
    works, compared = list[QuestionPrints](), list[Submission]()
    with ParserPool(min(len(cores()), 1 + len(readable) // SUBMISSIONS_PER_PARSER)) as parsers:
        reader = ClassReader(assignment, contents, parsers)
        for one, answer in reader.answers(readable):
            if answer.problem or not answer.pieces:
                left_out[one.student] = answer.problem or "none of the graded names is in it"
            else:
                works.append(_prints_by_question(answer.pieces))
                compared.append(one)
        if len(compared) < 2:
            found = f"comparing needs two submissions: found {len(submissions)}"
            raise NothingToCompare(f"{found}, {_reasons(left_out)}")
        background = reader.background()
        questions = weigh_questions(works, assignment.question_names, background)
        ranking = rank_pairs(questions, _equal_files(compared, works, background.given), MAX_PAIRS)
        chosen = {index for pair in ranking.pairs for index in (pair.first, pair.second)}
        # The pairs are parsed again: the texts of a whole class would take too much memory.
        pieces = {one.student: answer.pieces for one, answer in reader.answers([compared[k] for k in sorted(chosen)])}
    pairs = [(pair, compared[pair.first], compared[pair.second]) for pair in ranking.pairs]
    sides = [side_by_side(pieces[one.student], pieces[other.student], questions) for _, one, other in pairs]
    alike = tuple(_similar_pair(*pair, function_names(side)) for pair, side in zip(pairs, sides, strict=True))
    result = SimilarityResult(
        assignment=assignment.name,
        compared=len(compared),
        usual=ranking.usual,
        expected=ranking.expected,
        pairs=alike,
        more=ranking.more,
        left_out=dict(sorted(left_out.items())),
    )
    return result, sides


@dataclass(frozen=True)
class ClassReader:
    """Parser of the submissions of a class and of the code that explains similarity."""

    assignment: Assignment
    contents: SubmissionSpool
    parsers: ParserPool

    def answers(self, submissions: Sequence[Submission]) -> Iterator[tuple[Submission, ParsedAnswer]]:
        """Yield each submission with its parsed code, in the given order."""
        names = self.assignment.question_names
        requests = (ParseRequest(self.contents.get(one.digest), one.file, names) for one in submissions)
        early: dict[int, ParsedAnswer] = {}
        following = 0
        for number, answer in self.parsers.parse(requests):
            early[number] = answer
            while following in early:
                yield submissions[following], early.pop(following)
                following += 1

    def background(self) -> Background:
        """Return the fingerprints of the student version, the solution and known answers. Raises AssignmentError."""
        released = build_release(self.assignment.folder)
        given = {name: content for name, content in released.items() if name.endswith((".py", ".ipynb"))}
        paths = [self.assignment.notebook, *(self.assignment.folder / name for name in KNOWN_ANSWER_FILES)]
        files = [*given.items(), *((path.name, path.read_bytes()) for path in paths if path.is_file())]
        requests = [
            ParseRequest(content, name, self.assignment.question_names, all_statements=True) for name, content in files
        ]
        answers = [answer for _, answer in sorted(self.parsers.parse(requests), key=itemgetter(0))]
        for (name, _), answer in zip(files, answers, strict=True):
            if answer.problem:
                raise AssignmentError(f"{self.assignment.folder.name}: {name} {answer.problem}")
        prints, own = [_prints_by_question(answer.pieces) for answer in answers], len(given)
        return Background(
            given=_all_prints(prints[:own]),
            solution=_all_prints(prints[own : own + 1]),
            known=_all_prints(prints[own + 1 :]),
        )


def _similar_pair(
    pair: ScoredPair, one: Submission, other: Submission, names: tuple[tuple[str, str], ...]
) -> SimilarPair:
    same_file = one.digest == other.digest
    return SimilarPair(one.student, other.student, pair.bits, pair.share, pair.rare, names, same_file)


def _prints_by_question(pieces: Iterable[Piece]) -> QuestionPrints:
    found = defaultdict(list)
    for piece in pieces:
        found[piece.question].append(piece.hashes())
    return {question: np.unique(np.concatenate(hashes)) for question, hashes in found.items()}


def _all_prints(works: Iterable[Mapping[str, Hashes]]) -> Hashes:
    every = [hashes for work in works for hashes in work.values()]
    return np.unique(np.concatenate([*every, np.empty(0, dtype=np.uint64)]))


def _equal_files(
    submissions: Sequence[Submission], works: Sequence[QuestionPrints], given: Hashes
) -> NDArray[np.int64]:
    """Return a number for each submission, equal for equal files that hold more than what students were given."""
    numbers: dict[str, int] = {}
    found = []
    for index, (one, work) in enumerate(zip(submissions, works, strict=True)):
        own = not np.isin(_all_prints([work]), given).all()
        found.append(numbers.setdefault(one.digest, index) if own else index)
    return np.array(found, dtype=np.int64)


def _reasons(left_out: Mapping[str, str]) -> str:
    if not left_out:
        return "and one alone can't be compared"
    student, reason = next(iter(left_out.items()))
    return f"and {len(left_out)} can't be compared ({student}: {reason})"
