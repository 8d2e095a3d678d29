"""Start, confine, watch and end workers."""
