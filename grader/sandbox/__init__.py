"""Run student code behind a trust boundary that only values cross.

`guest` runs student code. `host` starts and confines it. `protocol` is the format of messages between the two sides.
`client` is the trusted end of the protocol.
"""
