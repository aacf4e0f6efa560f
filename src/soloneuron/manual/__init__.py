"""The pages of the manual as one HTML file that opens from disk: menu, search, no network."""

from soloneuron.manual.page import manual_page

__all__ = ["manual_page"]
