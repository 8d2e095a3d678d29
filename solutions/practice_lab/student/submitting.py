"""Hand in your work to the portal of the course, and show what becomes of it.

Whoever has your personal link is you. It belongs into the file portal.txt beside your notebook, never into the
notebook itself.
"""

import getpass
import html
import http.client
import json
import os
import re
import secrets
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LINK_FILE = "portal.txt"
HOST = r"(?:\[[0-9A-Fa-f:]+\]|[^\s/?#@:\[\]]+)(?::[0-9]{1,5})?"
LINK = re.compile(rf"(https?://{HOST})/link/([A-Za-z0-9_-]{{16,100}})/?")
LARGE = 20_000_000  # bytes of a file that a portal may refuse
LONGEST = 300  # characters of one line of what the portal says
SEND_SECONDS = 120.0  # without an answer
ASK_SECONDS = 20.0
SAVE_SECONDS = 4.0  # for Jupyter to save
AWAY_SECONDS = 60.0  # that the portal may be away while the work waits
LONGEST_PAUSE = 30.0  # seconds between two questions whether the work is graded
WAIT_SECONDS = 1800.0  # after which the page of the submission tells the rest
WAITING = ("queued", "grading")
MAX_ANSWER = 64_000_000  # bytes
# The two ways in which Jupyter's pages save: the button of JupyterLab and Notebook 7, and the object of Notebook 6.
SAVE = """(() => {
  const button = document.querySelector("[data-command='docmanager:save']");
  if (button) button.click();
  else if (window.Jupyter && window.Jupyter.notebook) window.Jupyter.notebook.save_checkpoint();
})();"""

_links = {}  # folder -> link that was typed in, as long as this Python runs


class Stopped(Exception):
    """Handing in can't go on; the message is a sentence that says why and what to do."""


class Away(Stopped):
    """The portal can't be reached now; later it may be."""


class Unanswered(Away):
    """The portal didn't answer, and may have got what was sent all the same."""


def hand_in(assignment, file=None):
    """Hand in a file, wait until it is graded, and show the result. Problems are printed as a sentence.

    :param assignment: name of the assignment in the portal
    :param file: path; by default the notebook that runs this, or the one with the name of the assignment
    Return the exit code: 0 if the file was accepted, 1 if not.
    """
    try:
        path = the_file(assignment, file)
        url, token = the_link(path.parent)
        save(path)
        accepted = send(url, token, assignment, path)
    except Unanswered as problem:
        print(f"Perhaps {path.name} wasn't handed in. {problem} Look at the portal's page before you try again.")
        return 1
    except Stopped as problem:
        print(f"Not handed in. {problem}" + " Try again in some minutes." * isinstance(problem, Away))
        return 1
    except KeyboardInterrupt:
        print("Stopped. Look at the portal's page: the file may have been handed in already.")
        return 1
    print(f"Handed in: {path.name}, received at {shown(accepted.get('received_at', '?'))}.")
    keep_receipt(path.parent, accepted)
    try:
        follow(url, token, accepted)
    except Stopped as problem:
        print(f"{problem} What you handed in is safe; your personal link shows the result later.")
    except KeyboardInterrupt:
        print("You don't wait for the result. What you handed in is safe; your personal link shows the result later.")
    return 0


# --- the file, and the link ----------------------------------------------------------------------------


def the_file(assignment, file):
    """Return the file to hand in. Raises Stopped."""
    path = Path(file) if file else this_notebook() or Path(f"{assignment}.ipynb")
    if path.is_file():
        return path.resolve()
    here = f"{path.name} isn't in the folder {Path.cwd()}"
    if "google.colab" in sys.modules:
        raise Stopped(f"{here}: Colab keeps your notebook elsewhere. Download it, and hand it in on the portal's page.")
    raise Stopped(f'{here}. Name your file: submit("{assignment}.ipynb").')


def this_notebook():
    """Return the path of the notebook that runs this; None where the editor doesn't say."""
    told = [vars(sys.modules["__main__"]).get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")]
    paths = [Path(name) for name in told if isinstance(name, str) and name.endswith(".ipynb")]
    return next((path for path in paths if in_notebook() and path.is_file()), None)


def the_link(folder):
    """Return the address of the portal and the token, from portal.txt or a prompt. Raises Stopped."""
    for place in dict.fromkeys((folder, FOLDER)):
        path = place / LINK_FILE
        if path.is_file():
            return parsed(first_line(path), f"The file {path}")
    if folder not in _links:
        missing = Stopped(
            f"Save your personal link, which the course sent you, in the file {LINK_FILE} in the folder {folder}."
        )
        if not (in_notebook() or sys.stdin.isatty()):
            raise missing
        print(f"To be asked no more, save your personal link in the file {LINK_FILE} in the folder {folder}.")
        try:
            given = getpass.getpass("Your personal link: ")
        except Exception:  # nobody can type: EOFError, or an error of Jupyter's own
            raise missing from None
        parsed(given, "What you typed")
        _links[folder] = given
    return parsed(_links[folder], "What you typed")


def first_line(path):
    """Return the first line with text. Editors on Windows write UTF-8 with a mark at the start, or UTF-16."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise Stopped(f"{path} can't be read: {problem.strerror}.") from None
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return next((line for line in text.splitlines() if line.strip()), "")


def parsed(given, where):
    """Return the address and the token of a personal link. Raises Stopped."""
    found = LINK.fullmatch(given.strip().strip("<>\"'"))
    if not found:
        raise Stopped(f"{where} holds no personal link. It looks like https://grader.example.org/link/AbC123...")
    return found[1], found[2]


# --- saving --------------------------------------------------------------------------------------------


def save(path):
    """Ask Jupyter to save the notebook first; say when the file was saved if Jupyter doesn't."""
    if in_notebook() and path.suffix == ".ipynb":
        if saved_by_jupyter(path):
            print(f"{path.name} is saved.")
            return
        print("Your editor lets no program save the notebook. What was saved last is handed in; if you have changed")
        print("something since, save the notebook and run submit() again.")
    seconds = max(0, time.time() - path.stat().st_mtime)
    print(f"{path.name} was saved {ago(seconds)}.")


def saved_by_jupyter(path):
    """Ask the page of the notebook to save it, and return whether the file is new then."""
    from IPython.display import HTML, Javascript, display

    before = stamp(path)
    output = display(Javascript(SAVE), display_id=True)
    end = time.monotonic() + SAVE_SECONDS
    while (changed := stamp(path)) == before and time.monotonic() < end:
        time.sleep(0.1)
    if output:
        output.update(HTML(""))  # else it would run again when the notebook is opened
    return changed != before and is_whole(path)


def stamp(path):
    try:
        status = path.stat()
    except OSError:  # while it is replaced
        return None
    return status.st_mtime_ns, status.st_size


def is_whole(path):
    """Wait until a notebook that is being written can be read; return whether it can."""
    for _ in range(20):
        try:
            json.loads(path.read_bytes())
        except (OSError, ValueError):
            time.sleep(0.1)
        else:
            return True
    return False


def ago(seconds):
    """Return how long ago something was: 5 seconds ago, 3 minutes ago."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return f"{int(seconds)} seconds ago"


# --- talking to the portal -----------------------------------------------------------------------------


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the address of the link alone."""

    def redirect_request(self, *_arguments):
        return None


def send(url, token, assignment, path):
    """Send the file, and return the portal's answer. Raises Stopped."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise Stopped(f"{path.name} can't be read: {problem.strerror}.") from None
    if token.encode() in content:
        raise Stopped(
            f"Your personal link stands in {path.name}, and whoever reads that file could hand in as you. "
            f"Remove it there, save it in {LINK_FILE} instead, and save the notebook."
        )
    boundary = secrets.token_hex(16)
    name = path.name.translate({ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"})
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode("utf-8", "replace") + content + f"\r\n--{boundary}--\r\n".encode()
    address = f"{url}/api/v1/assignments/{urllib.parse.quote(assignment, safe='')}/submissions"
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        accepted = ask(address, token, SEND_SECONDS, body, kind)
    except urllib.error.HTTPError as answer:
        if answer.code == 404:
            raise Stopped(
                f"The portal at {url} has no assignment `{assignment}`: is your link for this course?"
            ) from None
        raise Stopped(refusal(answer, url)) from None
    except Away as problem:
        size = f" The file has {len(content) / 1e6:.0f} MB, which may be too much: clear large outputs."
        raise type(problem)(str(problem) + size * (len(content) > LARGE)) from None
    if not isinstance(accepted.get("id"), str) or not isinstance(accepted.get("receipt"), str):
        raise Stopped(f"The answer of {url} isn't one of a portal: is the link right?")
    return accepted


def ask(address, token, seconds, body=None, headers=None):
    """Return the JSON object at an address; with a body, what the answer to it is. Raises Stopped and HTTPError."""
    request = urllib.request.Request(address, body, {"Authorization": f"Bearer {token}", **(headers or {})})
    host = urllib.parse.urlsplit(address).netloc
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=seconds) as answer:
            content = answer.read(MAX_ANSWER)
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException, UnicodeError) as problem:
        raise unreachable(host, getattr(problem, "reason", problem)) from None
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Away(
            f"{host} answered with a web page, not as a portal does. Do you have to sign in to this network first?"
        )
    return found


def unreachable(host, reason):
    """Return the problem of a connection as a sentence."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Stopped(
            f"{host} can't prove that it is the portal: {shown(reason.verify_message)}. On a Mac, run "
            "`Install Certificates.command` in Python's folder; else ask your instructor."
        )
    if isinstance(reason, ssl.SSLError):
        return Stopped(f"No secure connection to {host} is possible. Does your link begin as you received it?")
    if isinstance(reason, TimeoutError):
        return Unanswered(f"{host} doesn't answer.")
    if isinstance(reason, ConnectionRefusedError):
        return Away(f"No portal runs at {host} now.")
    if isinstance(reason, (ConnectionError, http.client.HTTPException)):
        return Unanswered(f"The connection to {host} was cut.")
    return Away(f"{host} can't be reached ({shown(reason)}). Is this computer connected to the network?")


def refusal(answer, url):
    """Return the sentence for an answer that is an error."""
    try:
        said = json.loads(answer.read(MAX_ANSWER)).get("detail")
    except (ValueError, AttributeError, OSError, http.client.HTTPException):
        said = None
    if answer.code == 401:
        return f"The portal doesn't know your personal link, or no more. Ask your instructor for one, for {LINK_FILE}."
    if answer.code == 413:
        return f"{shown(said or 'The file is too large.')} Clear large outputs, save, and try again."
    if 300 <= answer.code < 400:
        return f"The portal isn't at {url} any more. Ask your instructor for your new personal link."
    if isinstance(said, str):
        return shown(said)
    if answer.code in (502, 503, 504):
        return "The portal is away for a moment, such as for an upgrade. Try again in some minutes."
    return f"{url} answered {answer.code} {shown(answer.reason)}. Try again, and tell your instructor if it stays so."


# --- the result ----------------------------------------------------------------------------------------


def keep_receipt(folder, accepted):
    """Save the receipt beside the notebook; print it where that isn't possible."""
    name = re.sub(r"[^A-Za-z0-9_-]", "", accepted["id"])[:64]
    path = folder / f"receipt-{name}.json"
    try:
        path.write_text(accepted["receipt"] + "\n", encoding="utf-8")
        print(f"The receipt, which proves it, is in {path.name}.")
    except OSError as problem:
        print(f"The receipt can't be saved ({problem.strerror}). Copy it:\n{shown(accepted['receipt'], 2000)}")


def follow(url, token, accepted):
    """Say the place in the queue until the work is graded, then show the result. Raises Stopped."""
    address = f"{url}/api/v1/submissions/{urllib.parse.quote(accepted['id'], safe='')}"
    said, pause, end = None, 0.2, time.monotonic() + WAIT_SECONDS
    state = {**accepted, "state": "queued"}
    while state.get("state") in WAITING:
        sentence = place(state)
        if sentence != said:
            print(sentence)
            said = sentence
        if time.monotonic() > end:
            raise Stopped("It still waits.")
        time.sleep(max(pause, long_pause(state)))
        pause = min(2.0, pause * 1.3)
        state = patiently(address, token)
    if state.get("state") == "review":
        print("Something went wrong in the portal, which costs you nothing. Your instructor will look at it.")
        return
    if state.get("withheld") and state.get("state") != "rejected":
        print(f"It is graded. {shown(state['withheld'])}")
        return
    try:
        show(Result(patiently(f"{address}/report", token)))
    except (AttributeError, KeyError, TypeError):
        raise Stopped("It is graded, in a form that this version of submitting.py doesn't know.") from None


def long_pause(state):
    """Return how many seconds not to ask while many others wait: a quarter of the estimate."""
    seconds = state.get("estimate_seconds")
    return min(LONGEST_PAUSE, seconds / 4) if isinstance(seconds, (int, float)) and seconds > 0 else 0.0


def place(state):
    """Return where the work is, as a sentence."""
    if state.get("state") == "grading" or not state.get("position"):
        return "It is being graded."
    seconds = state.get("estimate_seconds")
    about = f", for about {seconds:.0f} s" if isinstance(seconds, (int, float)) and seconds >= 1 else ""
    return f"It waits at place {shown(state['position'])}{about}."


def patiently(address, token):
    """Return the JSON object at an address; the portal may be away for a while. Raises Stopped."""
    end = time.monotonic() + AWAY_SECONDS
    while True:
        try:
            return ask(address, token, ASK_SECONDS)
        except urllib.error.HTTPError as answer:
            problem = Stopped(refusal(answer, urllib.parse.urlsplit(address).netloc))
            again = answer.code in (409, 429, 500, 502, 503, 504)
        except Stopped as error:
            problem, again = error, isinstance(error, Away)
        if not again or time.monotonic() > end:
            raise problem
        time.sleep(1.0)


class Result:
    """A report: a colored card in a notebook, lines where there is no HTML."""

    def __init__(self, report):
        self.full = report["score"] == report["max_score"]
        self.head = f"{points(report['score'])} of {points(report['max_score'])} points"
        if report["status"] == "rejected":
            self.head = "It can't be graded: " + shown(["no reason is given", *report["notes"]][-1])
        self.lines = [line for question in report["questions"] for line in told(question)]

    def __repr__(self):
        return "\n  ".join([self.head, *self.lines])

    def _repr_html_(self):
        color = "46, 160, 67" if self.full else "158, 130, 60"
        box = f"border-left: 5px solid rgb({color}); background: rgba({color}, 0.12); color: inherit"
        rows = "".join(f'<div style="margin-top: 0.3em">{html.escape(line)}</div>' for line in self.lines)
        head = f"<strong>{html.escape(self.head)}</strong>"
        return f'<div style="{box}; padding: 0.6em 1em; border-radius: 4px; max-width: 60em">{head}{rows}</div>'


def told(question):
    """Yield the line of a question, and for one with a loss the first reason."""
    yield f"{shown(question['name'])}: {points(question['score'])} of {points(question['max_score'])}"
    lost = [case for case in question["cases"] if case["points"] < case["max_points"]]
    if lost:
        yield f"    {shown(lost[0]['title'])}: {shown(lost[0]['message'] or lost[0]['status'])}"


def points(value):
    return f"{value:g}" if isinstance(value, (int, float)) else "?"


def shown(value, longest=LONGEST):
    """Return what the portal says on one line, short, without characters that a terminal would obey."""
    text = " ".join(str(value).split())
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def in_notebook():
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None


def show(card):
    """Display a card in a notebook, and print its lines elsewhere."""
    if in_notebook():
        from IPython.display import display

        display(card)
    else:
        print(card)
