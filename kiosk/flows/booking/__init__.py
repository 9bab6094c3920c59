"""An appointment that is made or ended here: it knows of no number, for who asks for one may be led here."""
