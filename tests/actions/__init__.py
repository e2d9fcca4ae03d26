"""Tests of floor 3: actions called as plain functions, each in a transaction of its own on a real database file."""
