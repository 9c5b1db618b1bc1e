"""The group of these endpoints in the documentation."""

from flask_openapi.models.tag import Tag

REGISTER = Tag(name="register", description="Who said what, what falls due, which acts are cited.")
