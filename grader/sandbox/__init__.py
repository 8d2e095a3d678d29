"""The two sides of the wall. Inside: worker, loader, values, wire. Outside: launch.

The modules that run inside import nothing from the rest of the grader.
"""
