"""How many examples hypothesis tries: a fixed few in the suite, in the proofs many that were never tried before."""

from hypothesis import settings


def examples(fixed: int, fresh: int) -> int:
    """Return how many examples a test of the profile in force tries; in a campaign (`make long`) ten times the fresh.

    Args:
        fixed: in the suite, where each run tries the same ones.
        fresh: in the proofs, whose seed is another one each time.
    """
    in_force = settings()
    times = in_force.max_examples // settings.get_profile("fresh").max_examples
    return fixed if in_force.derandomize else fresh * times
