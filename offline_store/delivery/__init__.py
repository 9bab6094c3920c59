"""Items on their way to central: batched, signed, sent, acknowledged, or exported."""
