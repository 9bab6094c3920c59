"""Who the kiosks are: enrolled, revoked, and what each last said of itself."""
