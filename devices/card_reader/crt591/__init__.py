"""The CRT-591, a motorised reader that takes a card in and gives it back."""
