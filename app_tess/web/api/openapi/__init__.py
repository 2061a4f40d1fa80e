"""The OpenAPI 3.1 description of /api/v1, made from the columns and filters themselves, so that it cannot lag behind."""

from app_tess.web.api.openapi.document import build_openapi

__all__ = ["build_openapi"]
