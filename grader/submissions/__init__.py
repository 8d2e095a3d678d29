"""From paths, archives and downloads of platforms to Submissions."""
