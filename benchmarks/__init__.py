"""The benchmarks: programs that measure Veritap and print what they measured. Nothing here is part of the bot, nor of its tests."""
