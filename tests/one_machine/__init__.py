"""One enrolled machine that says whatever its wire types let pass: nobody else's answer changes, and nothing stops."""
