"""What crosses the trust boundary: frames of plain values over a socket. Both sides use this package."""
