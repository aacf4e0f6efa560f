"""Models and runs as small, validated JSON files, written whole or not at all."""
