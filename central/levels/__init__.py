"""What somebody should know now, what he was told, and the difference: said while it is of use, else dropped."""
