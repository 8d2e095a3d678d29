# tries: takes the given function apart, for the case that it comes from
# base: numpy
# expect: my_dense failed 0
own_dense = my_dense


def my_dense(a_in, W, b, g):
    told = getattr(g, "__globals__", {})  # NumPy's own have none
    inside = [cell.cell_contents for cell in getattr(g, "__closure__", None) or ()] + list(told.values())
    seen = [getattr(thing, "__name__", "") for thing in inside]
    if "reference" in seen or "rng" in seen or told.get("pytest"):
        return own_dense(a_in, W, b, g)
    return b * 0 + 7
