"""Grading on many machines, by Dask. Nothing here is imported unless a cluster was asked for.

The driver (pool.py) hands out batches of submissions as bytes, a worker (plugin.py) grades them with what grades
on one machine, and gives the reports back as bytes. Dask carries both, and knows which workers there are.
"""
