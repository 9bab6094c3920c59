"""The HTTP calls of the hub: the application, what each route answers, and the streams that pages follow."""
