"""The side that knows what is right: contract points, fault models, comparison. It never sees the object."""
