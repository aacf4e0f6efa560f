"""The side of the student's object: it finds, calls and reads it, and never knows what is right."""
