"""The demo: the sandbox and the bot in one process, with a project to try and people to be.

Here live the demo's data files and what starts and seeds it. Everything is seeded through the real actions.
"""
