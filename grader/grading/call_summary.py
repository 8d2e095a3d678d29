"""Describes the arguments of a call: names, shapes and types, never values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from grader.grading.limits import MAX_SHAPES_TEXT
from grader.notebooks.statements import Statement
from grader.sandbox.client.model_view import KerasModel, Tensor


def parameter_names(statements: Iterable[Statement]) -> dict[str, list[str]]:
    """Return the parameter names of each function that a program defines, by function name."""
    return {
        node.name: [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        for node in (statement.node for statement in statements)
        if isinstance(node, ast.FunctionDef)
    }


def describe_call(names: Sequence[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the arguments of a call as text, for example "a_in (5, 1), W (3, 5), b (3, 1), g".

    :param names: parameter names, in order; further positional arguments are numbered
    """
    named = [(names[i] if i < len(names) else f"argument {i + 1}", value) for i, value in enumerate(args)]
    return (
        ", ".join(f"{name} {describe_value(value)}".strip() for name, value in [*named, *kwargs.items()])
        or "no arguments"
    )


def describe_value(value: Any) -> str:
    """Return the shape of an array, with its dtype unless that is float64; of other values the type."""
    if isinstance(value, Tensor):
        return describe_value(value.array)
    if isinstance(value, KerasModel):
        return f"(a {value.kind} model of {len(value.layers)} layers)"
    if isinstance(value, np.ndarray | np.generic):
        dtype = "" if value.dtype == np.float64 else f" {value.dtype}"
        return f"{value.shape}{dtype}" if value.ndim else f"(a number{dtype and ','}{dtype})"
    if isinstance(value, list | tuple):
        shapes = _describe_shapes(value)
        return shapes if shapes and len(shapes) <= MAX_SHAPES_TEXT else f"(a {type(value).__name__} of {len(value)})"
    return "" if callable(value) else f"({_with_article(type(value).__name__)})"


def _describe_shapes(value: Any) -> str:
    """Return the shapes of the arrays in a list, between its brackets; "" if the list holds anything else."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if not isinstance(value, list | tuple) or not (parts := [_describe_shapes(item) for item in value]) or "" in parts:
        return ""
    inner = ", ".join(parts)
    return f"[{inner}]" if isinstance(value, list) else f"({inner})"


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
