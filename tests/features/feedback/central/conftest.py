from tests.central.conftest import cheap_hashes, config, postgres_server, prepared_postgresql, prepared_sqlite, stage
from tests.central.insight.public.ended_visit import hand

__all__ = ["cheap_hashes", "config", "hand", "postgres_server", "prepared_postgresql", "prepared_sqlite", "stage"]
