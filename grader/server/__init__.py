"""Portal of a course: students hand in over HTTP, and see their report when it is graded."""
