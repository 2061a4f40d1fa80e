"""The OpenAPI 3.1 description of /api/v1, generated from the columns and filters themselves."""

from app_tess.web.api.openapi.document import build_openapi

__all__ = ["build_openapi"]
