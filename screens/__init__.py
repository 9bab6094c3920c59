"""Kivy. Draws prompts and returns answers; decides nothing."""
