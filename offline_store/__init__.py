"""The local database and its delivery to central; stands on `common` alone."""
