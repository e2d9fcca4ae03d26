"""Other people's file formats: rows of theirs into items (`imports`), and judgments and labels into rows of theirs (`exports`)."""
