"""Looks for broken links in the built site: every address that isn't on another host must be there, anchors included.

python docs/links.py build/docs
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

PLACES = {"a": "href", "link": "href", "img": "src", "script": "src", "object": "data"}


def main(site: Path) -> int:
    anchors: dict[Path, set[str]] = {}
    wanted: list[tuple[Path, str, Path, str]] = []
    for page in sorted(site.rglob("*.html")):
        soup = BeautifulSoup(page.read_text(), "html.parser")
        anchors[page] = {str(tag["id"]) for tag in soup.find_all(id=True)}
        for tag in soup.find_all(list(PLACES)):
            address = str(tag.get(PLACES[tag.name], ""))
            parts = urlsplit(address)
            if address and not parts.scheme and not parts.netloc:
                wanted.append((page, address, target(page, unquote(parts.path)), unquote(parts.fragment)))
    broken = [
        f"{page}: {address}"
        for page, address, file, anchor in wanted
        if not file.is_file() or (anchor and file in anchors and anchor not in anchors[file])
    ]
    print("\n".join(broken) or f"{len(anchors)} pages, {len(wanted)} links within them, none broken")
    return 1 if broken or not wanted else 0


def target(page: Path, path: str) -> Path:
    """The file that a path means, seen from a page."""
    file = (page.parent / path).resolve() if path else page.resolve()
    return (file / "index.html" if file.is_dir() else file).relative_to(Path.cwd())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve().relative_to(Path.cwd())))
