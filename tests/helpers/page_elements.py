"""Elements of a page, and names that try to act on one."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = (
    "=SUM(A1)",
    "<script>alert(1)</script>",
    'Zoë, "Z"',
    "한글",
    "'\"><img src=x onerror=alert(1)>",
    "</table></main><!--",
    "{{ 7 * 7 }}&lt;",
    "javascript:alert(1)",
    "very long " * 9,
)


class Parsed(HTMLParser):
    """The elements of a page, and the text of each row's head in the table of students."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.students: list[str] = []
        self._in_name = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if dict(attrs).get("role") == "rowheader":
            self.students.append("")
        self._in_name = dict(attrs).get("role") == "rowheader" or (self._in_name and tag in ("a", "bdi"))

    def handle_endtag(self, tag: str) -> None:
        self._in_name = self._in_name and tag not in ("bdi", "th")

    def handle_data(self, data: str) -> None:
        if self._in_name:
            self.students[-1] += data

    @property
    def shapes(self) -> set[tuple[str, ...]]:
        """Each kind of element, with the attributes that it has."""
        return {(tag, *sorted(attributes)) for tag, attributes in self.elements}

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.elements if tag == "a"]
