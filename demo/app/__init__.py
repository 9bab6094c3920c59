"""A stand-in for the citizen's app: one phone in a browser, made only of calls that `docs/protocol.md` describes."""
