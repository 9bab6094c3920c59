"""What keeps packages from being built, in a sentence for the person who started the build."""


class BuildFailed(Exception):
    """A package can't be built; the text says why and what to do."""
