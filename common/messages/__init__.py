"""Messages to people outside the hall: what kinds there are, the rule of an outbox, and the channels that carry them.

Central has an outbox for citizens, each hub one for its staff: the same kinds, lives, states and channels.
"""
