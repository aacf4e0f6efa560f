"""Reading: a graph of Elements becomes a graph of sums of products, without Python objects."""
