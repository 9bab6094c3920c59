"""What every end composes alike: pure values without file, database or network."""
