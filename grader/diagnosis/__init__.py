"""Explain a wrong answer by a known mistake."""
