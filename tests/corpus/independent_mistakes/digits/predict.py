# --- wrong: strictly_greater
# why: > in place of >=
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] > threshold).astype(int)

# --- wrong: ignores_threshold
# why: 0.5, whatever comes
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 0.5).astype(int)

# --- wrong: rounds
# why: np.round in place of the comparison
def predict(X, parameters, threshold=0.5):
    return np.round(forward(X, parameters)[-1]).astype(int)

# --- wrong: probabilities
# why: returns the probabilities
def predict(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1]

# --- wrong: turned_round
# why: 1 below the threshold
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] < threshold).astype(int)

# --- wrong: flat
# why: returns (m,)
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1][0] >= threshold).astype(int)

# --- wrong: column
# why: returns (m, 1)
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1].T >= threshold).astype(int)

# --- wrong: first_layer
# why: compares the first layer's activations
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[1] >= threshold).astype(int)

# --- wrong: one_number
# why: the mean of the batch decides
def predict(X, parameters, threshold=0.5):
    return int(np.mean(forward(X, parameters)[-1]) >= threshold)

# --- wrong: threshold_or_default
# why: a threshold of 0 is taken for none
def predict(X, parameters, threshold=0.5):
    threshold = threshold or 0.5
    return (forward(X, parameters)[-1] >= threshold).astype(int)

# --- wrong: booleans
# why: forgets astype
def predict(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1] >= threshold

# --- wrong: plus_minus
# why: labels -1 and 1
def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, 1, -1)

# --- wrong: argmax
# why: argmax over the single output is 0
def predict(X, parameters, threshold=0.5):
    return np.argmax(forward(X, parameters)[-1], axis=0).reshape(1, -1)

# --- wrong: text
# why: labels as strings
def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, "1", "0")

# --- wrong: sigmoid_again
# why: applies the sigmoid a second time
def predict(X, parameters, threshold=0.5):
    return (sigmoid(forward(X, parameters)[-1]) >= threshold).astype(int)

# --- wrong: keeps_above
# why: keeps the probability where it is above, 0 elsewhere
def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-1]
    return np.where(A >= threshold, A, 0)

# --- wrong: complement
# why: 1 - threshold
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 1 - threshold).astype(int)
