"""Who waited and was not served today comes first on a later day: who that is, and who claims it by his paper."""
