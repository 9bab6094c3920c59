"""The pages of counter, board and manager."""
