"""What banks send of an account: our table, camt.053 and MT940, read into one kind of lines; none of it is trusted."""
