"""Every prompt and notice that a citizen can see, as frozen values, and the protocols that carry them.

Prompts hold message ids and values, never finished sentences, so that a change of language redraws the same prompt.
What a screen may answer is the type parameter of its prompt. Nothing here imports Kivy, a device or the store.

Texts: the words of a prompt are under `<name>.` in the catalogues, its spoken guidance is `speech.<name>`.
"""
