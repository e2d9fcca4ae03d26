"""Tests of floor 1: tables of examples and properties of pure functions."""
