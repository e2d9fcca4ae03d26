"""What admins tap and type, one module for each noun.

Invitations, roles and the health of the house live here. Rights are checked on every update, since a command
menu is only cosmetic; every decision lives in `actions` and `rules`.
"""
