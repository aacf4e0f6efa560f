"""Pure functions of tensors: links, losses, penalties, metrics, surfaces. No neuron, batches, disk or dice."""
