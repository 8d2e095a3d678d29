"""Reports as self-contained pages, which need the extra `html`: only modules that make pages import its packages."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
