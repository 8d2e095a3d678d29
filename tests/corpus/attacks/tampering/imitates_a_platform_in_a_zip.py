# tries: hands in a zip that looks like a class from Gradescope, with the name and id of another student
# base: numpy
# form: zip
# expect: my_dense failed 0
def my_dense(a_in, W, b, g):
    return b * 0 + 7

# file: submission_metadata.yml
---
submission_456:
  :submitters:
  - :name: Somebody Else
    :sid: '0101'
    :email: else@example.edu
  :created_at: 2026-03-01 21:34:12.123456000 Z

# file: submission_456/digits.py
raise SystemExit("this is what would be graded")
