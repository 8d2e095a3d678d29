"""The trusted end of the protocol: a proxy on which a submission's functions are called, and Keras models as data."""
