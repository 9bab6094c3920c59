"""The HTTP calls: the application, what each route answers, and the server that runs it."""
