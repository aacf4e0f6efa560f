"""The public doors, and what they hand to people."""
