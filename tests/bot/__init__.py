"""Tests of the top floor: settings, start and stop, the command line, the demo and the proof of the books."""
