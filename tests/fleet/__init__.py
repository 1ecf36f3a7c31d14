"""Several processes on one PostgreSQL, under load."""
