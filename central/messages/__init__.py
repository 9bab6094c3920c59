"""Messages to citizens: an outbox, whom they go to, and the channels that carry them; sent in time or not at all."""
