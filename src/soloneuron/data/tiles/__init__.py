"""Rows on disk: converted once into tiles of a cache folder, mapped, and read as fast as memory."""
