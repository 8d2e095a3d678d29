# --- wrong: without_input
# why: the list begins with A1
def forward(X, parameters):
    out = []
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
        out.append(A)
    return out

# --- wrong: last_only
# why: returns the last activation alone
def forward(X, parameters):
    for W, b in parameters:
        X = my_dense_v(X, W, b, sigmoid)
    return X

# --- wrong: from_input_each_time
# why: every layer gets X
def forward(X, parameters):
    return [X] + [my_dense_v(X, W, b, sigmoid) for W, b in parameters if W.shape[1] == X.shape[0]]

# --- wrong: z_values
# why: keeps Z in the list
def forward(X, parameters):
    out, A = [X], X
    for W, b in parameters:
        Z = W @ A + b
        out.append(Z)
        A = sigmoid(Z)
    return out

# --- wrong: linear_last
# why: no sigmoid in the last layer
def forward(X, parameters):
    out = [X]
    for i, (W, b) in enumerate(parameters):
        Z = W @ out[-1] + b
        out.append(Z if i == len(parameters) - 1 else sigmoid(Z))
    return out

# --- wrong: relu_hidden
# why: ReLU in the hidden layers
def forward(X, parameters):
    out = [X]
    for i, (W, b) in enumerate(parameters):
        Z = W @ out[-1] + b
        out.append(sigmoid(Z) if i == len(parameters) - 1 else np.maximum(0, Z))
    return out

# --- wrong: skips_last_layer
# why: one layer short
def forward(X, parameters):
    out = [X]
    for W, b in parameters[:-1]:
        out.append(my_dense_v(out[-1], W, b, sigmoid))
    return out

# --- wrong: last_first
# why: inserts at the front
def forward(X, parameters):
    out = [X]
    for W, b in parameters:
        out.insert(0, my_dense_v(out[0], W, b, sigmoid))
    return out

# --- wrong: list_of_last
# why: all entries are the last activation
def forward(X, parameters):
    out = [X]
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
    return out + [A] * len(parameters)

# --- wrong: three_fixed
# why: three layers, whatever comes
def forward(X, parameters):
    A1 = my_dense_v(X, *parameters[0], sigmoid)
    A2 = my_dense_v(A1, *parameters[1], sigmoid)
    A3 = my_dense_v(A2, *parameters[2], sigmoid)
    return [X, A1, A2, A3]

# --- wrong: standardizes
# why: standardises X first
def forward(X, parameters):
    out = [standardize(X)]
    for W, b in parameters:
        out.append(my_dense_v(out[-1], W, b, sigmoid))
    return out

# --- wrong: no_bias
# why: forgets the bias
def forward(X, parameters):
    out = [X]
    for W, b in parameters:
        out.append(sigmoid(W @ out[-1]))
    return out

# --- wrong: twice_x
# why: X stands twice at the front
def forward(X, parameters):
    out = [X, X]
    for W, b in parameters:
        out.append(my_dense_v(out[-1], W, b, sigmoid))
    return out

# --- wrong: remembers
# why: a list outside of the function grows with each call
kept = []

def forward(X, parameters):
    kept.append(X)
    for W, b in parameters:
        kept.append(my_dense_v(kept[-1], W, b, sigmoid))
    return list(kept)
