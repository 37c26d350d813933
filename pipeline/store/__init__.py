"""Records to SQLite and back: the one place where building meets SQL."""
