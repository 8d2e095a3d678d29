"""The two sides of the trust boundary: `guest` runs student code, `host` starts it, `protocol` is what both speak."""
