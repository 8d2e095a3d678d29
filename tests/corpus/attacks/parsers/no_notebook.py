# tries: JSON that is anything but a notebook
# form: json
# base: nothing
# expect: rejected
{"score": 100, "status": "graded", "questions": [], "nbformat": 4}
