"""The billers that are shipped: by HTTP, by files, and the city's own orders."""
