"""What the API's answers look like: a pydantic model for the description, a function that makes it from rows."""
