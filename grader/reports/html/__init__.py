"""Reports as self-contained HTML pages. They need the extra `html`, which only modules that render pages import."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
