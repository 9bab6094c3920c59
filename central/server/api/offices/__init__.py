"""The offices' pages as calls: who may ask, and what is answered."""
