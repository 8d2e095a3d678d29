"""Many submissions: a pool of grading processes, a run of a class, a watched folder; on many machines in `dask`."""
