"""Names that a statement binds and uses: the same ones on every version of Python."""

from __future__ import annotations

import ast

import pytest

from grader.notebooks.scopes import Names, names_of, with_generators


def names(source: str) -> Names:
    return names_of(ast.parse(source).body[0], source)


@pytest.mark.parametrize(
    ("source", "binds", "at_once"),
    [
        ("[x := i for i in range(3)]", {"x"}, {"range"}),
        ("{x := i for i in range(3)}", {"x"}, {"range"}),
        ("{(x := i): 1 for i in range(3)}", {"x"}, {"range"}),
        ("x = [x for _ in range(3)]", {"x"}, {"x", "range"}),
        ("x = {k: x for k in y}", {"x"}, {"x", "y"}),
        ("x = {i for i in {j: i for j in y}}", {"x"}, {"i", "y"}),
        ("class C:\n    z = [y for _ in w]", {"C"}, {"y", "w"}),
    ],
)
def test_a_comprehension_binds_what_it_names_and_uses_what_it_reads(
    source: str, binds: set[str], at_once: set[str]
) -> None:
    """Its own variables are no names of the program; what it reads or binds through `:=` is."""
    found = names(source)
    assert [*map(set, (found.binds, found.at_once, found.writes))] == [binds, at_once, set()]


def test_a_comprehension_in_a_function_is_part_of_it() -> None:
    """A global name that the function binds through `:=` is written once the function is called."""
    found = names("def f():\n    global x\n    [x := y for y in z]")
    parts = (found.binds, found.writes, found.uses, found.at_once)
    assert [*map(set, parts)] == [{"f"}, {"x"}, {"z"}, set()]


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("[a for a in b]", "(a for a in b)"),
        ("é = {a for a in 'é'}", "é = (a for a in 'é')"),
        ("{k: v for k, v in y}", "({k: v }for k, v in y)"),
        ("{k:(v)for k in y}", "({k:(v)}for k in y)"),
        ("{\n k: v # for }\n for k in y\n}", "({\n k: v # for }\n }for k in y\n)"),
        ("{k: [a for a in k]\\\n for k in [b for b in y]}", "({k: (a for a in k)\\\n }for k in (b for b in y))"),
        ("async def f(): return {k: v async for k in y}", "async def f(): return ({k: v }async for k in y)"),
        ("for a in []: pass", "for a in []: pass"),
    ],
)
def test_comprehensions_become_generator_expressions(source: str, changed: str) -> None:
    """Each on the lines where it stood, so that an error still names its line."""
    assert with_generators(source) == changed
    ast.parse(changed)


def test_a_text_full_of_comprehensions_is_changed_as_a_whole() -> None:
    """Every one of them, whatever stands around it."""
    assert with_generators("[a for a in b]\n" * 1000) == "(a for a in b)\n" * 1000
