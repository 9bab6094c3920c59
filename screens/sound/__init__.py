"""What is said and heard: speech, guidance, loudness."""
