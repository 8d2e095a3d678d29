"""JUnit XML export: one testsuite for each student, one testcase for each hidden case.

Most readers follow Jenkins' schema (junit-10.xsd of its xUnit plugin, which GitLab, GitHub's actions and
pytest's own xunit2 keep to): testsuites holds testsuite, which has name, tests, failures and errors; testcase has
name; failure, error and skipped have message and type. A wrong answer is a failure, any other
problem an error, and a case that wasn't counted is skipped. Characters that XML can't hold are written as escapes.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader._util.escaping import plain
from grader.exports.roster_match import MatchedGrades
from grader.models import ScoreReport, Status
from grader.statuses import STATUS_TEXT, STATUSES

# Characters that XML 1.0 can't hold: https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(matched: MatchedGrades) -> bytes:
    """Return the XML file of a class."""
    root = Element("testsuites", name=escape_xml(matched.assignment))
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for report in matched.reports():
        suite = _suite(report)
        root.append(suite)
        for name in totals:
            totals[name] += int(suite.attrib[name])
    root.attrib |= {name: str(count) for name, count in totals.items()}
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _suite(report: ScoreReport) -> Element:
    suite = Element("testsuite", name=escape_xml(report.student), time=f"{report.seconds:.3f}")
    _properties(suite, report)
    counts = dict.fromkeys(("failure", "error", "skipped"), 0)
    tests = 0
    for question in report.questions:
        for case in question.cases:
            tests += 1
            name = escape_xml(case.title or case.name)
            element = SubElement(suite, "testcase", classname=escape_xml(question.name), name=name)
            if case.status is not Status.PASSED:
                kind = STATUSES[case.status].junit
                counts[kind] += 1
                outcome = SubElement(element, kind, type=case.status.value, message=STATUS_TEXT[case.status])
                outcome.text = escape_xml("\n".join(part for part in (case.message, case.called) if part))
    if report.status == "rejected":  # an empty suite would look like a success
        tests, counts["error"] = tests + 1, counts["error"] + 1
        element = SubElement(suite, "testcase", classname="submission", name="The submission can be graded.")
        SubElement(element, "error", type="rejected", message=escape_xml(" ".join(report.notes[-1:])))
    suite.attrib |= {
        "tests": str(tests),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
    }
    return suite


def _properties(suite: Element, report: ScoreReport) -> None:
    facts = {"score": f"{report.final:.2f}", "max_score": f"{report.final_max:.2f}", "late": str(report.late).lower()}
    if grade := report.grade:
        facts |= {"auto": f"{grade.auto:.2f}", "adjustments": f"{grade.adjustments:.2f}"}
        facts |= {"penalty": f"{grade.penalty:.2f}", "grade": escape_xml(grade.sentence)}
    properties = SubElement(suite, "properties")
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=value)


def escape_xml(text: str) -> str:
    """Return plain text in which every character that XML can't hold is an escape."""
    return NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", plain(text))
