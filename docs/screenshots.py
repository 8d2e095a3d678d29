"""Makes the pictures of docs/images/ from a real run of the sample class: make screenshots."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Picture -> the page, the width and height of the window, and what is scrolled to.
PICTURES = {
    "student": ("reports/student-02.html", 1280, 860, ""),
    "student-phone": ("reports/student-02.html", 375, 780, ""),
    "notebook": ("reports/student-02.notebook.html", 1280, 860, ".feedback.lost"),
    "class": ("index.html", 1280, 900, ""),
    "similar": ("similar.html", 1280, 700, ""),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        for command in ("grade", "similar"):
            grader(command, "tests/corpus/sample_class", "--assignment", "solutions/digits", "--out", str(out))
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, (page, width, height, place) in PICTURES.items():
                window = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                window.goto((out / page).as_uri())
                if place:
                    window.locator(place).first.evaluate("place => place.scrollIntoView({block: 'center'})")
                window.screenshot(path=IMAGES / f"{name}.png")
            browser.close()


def grader(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "grader", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
