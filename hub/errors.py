"""What can go wrong with a hub beside its store.

::

    HubError
      ConfigError     a wrong setting  -> at start only, exit status 2
      NotEnrolled     no identity here -> enrol
      CannotBeDone    a command was understood and could not be done
"""


class HubError(Exception):
    """Root of what the hub raises beside its store's errors; the text is a plain sentence."""


class ConfigError(HubError):
    """A setting that cannot be used; the text names the line, what was found and what would be right."""


class NotEnrolled(HubError):
    """This machine is no hub of any centre yet."""


class CannotBeDone(HubError):
    """A command was understood and could not be done; the text says why."""
