"""What the columns of a table mean, and the features that are made of them."""
