"""The questions of the study, one a file, and their catalogue."""
