"""Tests of the sandbox: real HTTP against a world of its own for each test."""
