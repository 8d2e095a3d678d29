"""Grade many submissions: pool, class run, watched folder, Dask."""
