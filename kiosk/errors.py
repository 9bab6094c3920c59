"""The errors of the kiosk's own layer.

::

    KioskError              the text is a plain sentence for the person who started the command
      ConfigError           a setting is wrong                         -> at start only: say so and end
      NotEnrolled           no identity on this disk yet               -> run `kiosk enrol`

What a citizen can cause is a return value; only failures raise.
"""


class KioskError(Exception):
    """Root of what the kiosk raises; its text is a sentence that a person can act on."""


class ConfigError(KioskError):
    """The settings can't be used; the message names the line, what was found and what would be right."""


class NotEnrolled(KioskError):
    """The kiosk has no identity yet: `kiosk enrol` gives it one."""
