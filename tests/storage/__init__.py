"""Tests of the store: on the real engine, in files of their own, with nothing faked but time and chance."""
