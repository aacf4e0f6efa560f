"""Kernels: loss and gradient for rows, in every layout that pays; they know nothing of how theta moves."""
