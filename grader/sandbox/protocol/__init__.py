"""What crosses the trust boundary: frames of plain values over a socket, used by both sides."""
