"""The payers that are shipped: a wallet that speaks ShamCash's merchant wire, and a code that any bank's app reads."""
