"""The only module that holds an application: gunicorn app_tess.wsgi:app."""
from app_tess import create_app

app = create_app()
