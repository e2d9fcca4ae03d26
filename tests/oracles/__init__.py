"""Checks against other people's programs, each run on its own: none of them is part of the set-up."""
