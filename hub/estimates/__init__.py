"""How long somebody will wait, as a range: made of this centre's own past, and measured against what came true."""
