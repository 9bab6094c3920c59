"""The doctor of central: each fault is named with what to do, and nothing is changed."""
