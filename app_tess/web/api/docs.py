"""API documentation: the OpenAPI document, a page that shows it, and examples to copy."""

from flask import Blueprint, render_template, request

from app_tess.web.api.openapi import build_openapi
from app_tess.web.http.kept import kept
from app_tess.web.http.responses import document_response

pages = Blueprint("api_docs", __name__, url_prefix="/api")


@pages.get("/v1/openapi.json")
@kept()
def openapi():
    response = document_response(build_openapi(_server()), "application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@pages.get("")
@pages.get("/examples")
@kept()
def examples():
    return render_template("api/examples.html", server=_server())


@pages.get("/docs")
@kept()
def docs():
    """Show the document as a page, rendered on the server without third-party scripts."""
    return render_template("api/docs.html", document=build_openapi(_server()), server=_server())


def _server():
    return request.url_root.rstrip("/")
