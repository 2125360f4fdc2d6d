# %% [markdown]
# # HW-1: a 3-4-2 network, once in NumPy and once in PyTorch
#
# Both examples are taken together, and the loss is summed over them.

# %%
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
Y = np.array([[0.0, 1.0], [1.0, 0.0]])
w1 = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.9, 1.0, 1.1, 1.2]])
w2 = np.array([[0.2, 0.3], [0.4, 0.5], [0.6, 0.7], [0.8, 0.9]])


# %% [markdown]
# ## Task 1: forward pass
# ### NumPy

# %%
def relu(z):
    return np.maximum(z, 0)


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


z1 = X @ w1
hidden = relu(z1)
z2 = hidden @ w2
output = softmax(z2)
print("x1:", output[0])
print("x2:", output[1])

# %% [markdown]
# ### PyTorch

# %%
inputs = torch.tensor(X, dtype=torch.float32)
labels = torch.tensor(Y, dtype=torch.float32)


class Network(nn.Module):
    def __init__(self, rate=0.0):
        super().__init__()
        self.fc1 = nn.Linear(3, 4, bias=False)
        self.fc2 = nn.Linear(4, 2, bias=False)
        self.dropout = nn.Dropout(rate)
        with torch.no_grad():
            self.fc1.weight.copy_(torch.tensor(w1.T, dtype=torch.float32))
            self.fc2.weight.copy_(torch.tensor(w2.T, dtype=torch.float32))

    def forward(self, x):
        h = self.dropout(torch.relu(self.fc1(x)))
        return self.fc2(h)


network = Network()
logits = network(inputs)
output_torch = F.softmax(logits, dim=1)
print("x1:", output_torch[0])
print("x2:", output_torch[1])

# %% [markdown]
# ## Task 2: gradient of the cross-entropy with respect to w1
# ### NumPy

# %%
loss = -np.sum(Y * np.log(output))
delta2 = output - Y
delta1 = (delta2 @ w2.T) * (z1 > 0)
grad_w1 = X.T @ delta1
print("loss:", loss)
print(grad_w1)

# %% [markdown]
# ### PyTorch

# %%
loss_torch = F.cross_entropy(logits, labels, reduction="sum")
loss_torch.backward()
grad_w1_torch = network.fc1.weight.grad.T
print("loss:", loss_torch)
print(grad_w1_torch)

# %% [markdown]
# ## Task 3: training with dropout
# ### NumPy

# %%
rate = 0.4
learning_rate = 0.01
epochs = 100

rng = np.random.default_rng(1)
trained_w1 = w1.copy()
trained_w2 = w2.copy()
for epoch in range(epochs):
    z1 = X @ trained_w1
    mask = (rng.random(z1.shape) >= rate) / (1 - rate)
    dropped = relu(z1) * mask
    probabilities = softmax(dropped @ trained_w2)

    delta2 = probabilities - Y
    grad2 = dropped.T @ delta2
    delta1 = (delta2 @ trained_w2.T) * mask * (z1 > 0)
    grad1 = X.T @ delta1

    trained_w1 -= learning_rate * grad1
    trained_w2 -= learning_rate * grad2

print("w1 after training:", trained_w1)
print("w2 after training:", trained_w2)

# %% [markdown]
# ### PyTorch

# %%
torch.manual_seed(1)
model = Network(rate)
model.train()
optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
for epoch in range(epochs):
    optimizer.zero_grad()
    loss_torch = F.cross_entropy(model(inputs), labels, reduction="sum")
    loss_torch.backward()
    optimizer.step()

trained_w1_torch = model.fc1.weight.detach().T
trained_w2_torch = model.fc2.weight.detach().T
print("w1 after training:", trained_w1_torch)
print("w2 after training:", trained_w2_torch)
