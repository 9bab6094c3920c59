"""A simulated town: real parts on virtual time, net and disk, from one seed, judged by the README's promises."""
