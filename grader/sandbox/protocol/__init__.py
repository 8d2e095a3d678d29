"""Frames of plain values over a socket."""
