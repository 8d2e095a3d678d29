# holds: functions left as stubs, the model without layers
# expect: model failed 0
# expect: everything else failed 0
# %% = imports
# %%
model = Sequential([
    tf.keras.Input(shape=(400,)),
    ### START CODE HERE ###

    ### END CODE HERE ###
], name="digits_net")
# %%
def my_dense(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    ### START CODE HERE ###

    ### END CODE HERE ###
    return a_out
# %%
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    pass
# %%
def my_dense_v(A_in, W, b, g):
    ### START CODE HERE ###
    Z = None
    A_out = None
    ### END CODE HERE ###
    return A_out
# %%
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    return None
