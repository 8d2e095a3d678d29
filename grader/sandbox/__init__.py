"""The two sides of the trust boundary.

`guest` runs student code. `host` starts and confines it. `protocol` is the format of messages between the two sides.
`client` is the trusted end of the protocol.
"""
