"""Text, codes and pictures laid out as dots and written as a printer's commands."""
