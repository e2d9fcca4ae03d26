"""What coordinators tap and type, one module for each noun.

Making a project, importing its items, broadcasting the call and watching its progress live here. Rights are
checked on every update, since a command menu is only cosmetic; every decision lives in `actions` and `rules`.
"""
