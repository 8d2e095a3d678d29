"""Store reports and runs in SQLite; compare runs, analyse items."""
