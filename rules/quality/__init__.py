"""Quality: what answers say about items and about people. Pure: no clock, no chance, no store; people and items are whole numbers."""
