"""The trusted end of the protocol: a submission whose functions can be called, and its Keras models as data."""
