"""Wrong implementations that students write, each with a hint that leads and doesn't give the answer away.

A function here stands in for the question it is registered for; other names of the assignment mean the right functions.
"""

WRONG = []  # (question, function, hint)


def wrong(question, hint):
    def register(function):
        WRONG.append((question, function, hint))
        return function

    return register


@wrong("running_total", "How many numbers does the result have, and how many came in?")
def starts_with_zero(numbers):
    totals = [0]
    for number in numbers:
        totals.append(totals[-1] + number)
    return totals


@wrong("running_total", "Look at the list that you were given once your function has run: whose list is it?")
def in_place(numbers):
    for i in range(1, len(numbers)):
        numbers[i] += numbers[i - 1]
    return numbers
