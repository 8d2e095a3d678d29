"""Store reports and runs in SQLite or PostgreSQL; compare runs, analyse items."""
