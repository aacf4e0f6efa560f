"""Files of rows, whatever they are written in, become tables."""
