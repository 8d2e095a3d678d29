"""Wrong answers that students give, each with a hint that doesn't reveal the answer.

A function replaces the answer to its question. Other names of the assignment are the right functions.
"""

WRONG = []  # (question, function, hint)


def wrong(question, hint):
    """Register a function as a wrong answer to a question."""

    def register(function):
        WRONG.append((question, function, hint))
        return function

    return register


@wrong("running_total", "How many numbers does the result have, and how many came in?")
def starts_with_zero(numbers):
    """Return one total too many."""
    totals = [0]
    for number in numbers:
        totals.append(totals[-1] + number)
    return totals


@wrong("running_total", "Look at the list that you were given once your function has run: whose list is it?")
def in_place(numbers):
    """Overwrite the argument."""
    for i in range(1, len(numbers)):
        numbers[i] += numbers[i - 1]
    return numbers
