"""Tests that mirror the floors, and stories told through the chat.

The only fake is the sandbox, which stands in for Telegram; stores are real. A test that cannot fail is a defect.
"""
