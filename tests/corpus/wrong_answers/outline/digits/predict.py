# --- wrong: above_the_threshold
# why: exactly at the threshold gives 0
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] > threshold).astype(int)

# --- wrong: rounded
# why: the threshold isn't used
def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 0.5).astype(int)

# --- right: where
# why: chosen by np.where
def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] < threshold, 0, 1)
