"""The main job on real input: simulated students work real items over HTTP with the real bot process, and their own notes are held
against the books. `python -m tests.simulation` runs it and prints the figures."""
