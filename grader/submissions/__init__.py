"""Turn paths, archives and downloads of learning platforms into Submissions."""
