"""One person after the other: each visit from first touch to farewell."""
