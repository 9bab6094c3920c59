"""Other systems of the city: the app's, which tells where orders stand, and a data warehouse, which reads visits."""
