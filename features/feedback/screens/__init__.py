"""The screens on which a visitor says how it was."""
