"""Pure functions of tensors: links, losses, penalties, metrics, surfaces. No neuron, batch, disk or dice."""
