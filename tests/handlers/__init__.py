"""Tests of floor 4: what a person taps and reads, told through the chat."""
