"""The local database and its delivery to central. Imports nothing of ours."""
