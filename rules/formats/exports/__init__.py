"""Exports: a project's judged items in the files that the field's training and labelling code reads. Pure: judged items in, text out."""
