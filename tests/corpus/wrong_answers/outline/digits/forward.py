# --- wrong: without_the_input
# why: the list begins with the first layer
def forward(X, parameters):
    activations = []
    for W, b in parameters:
        X = sigmoid(W @ X + b)
        activations.append(X)
    return activations

# --- wrong: three_layers_at_most
# why: further layers repeat the last activation
def forward(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        activations.append(my_dense_v(activations[-1], W, b, sigmoid) if i < 3 else activations[-1])
    return activations

# --- right: list_of_lists
# why: built by adding lists
def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations = activations + [my_dense_v(activations[-1], W, b, sigmoid)]
    return activations
