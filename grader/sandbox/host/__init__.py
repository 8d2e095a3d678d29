"""What starts, confines, watches and ends workers. It runs on the trusted side, and no sandbox shows it."""
