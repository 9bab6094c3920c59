"""The Kivy window: draws prompts, returns answers, decides nothing."""
