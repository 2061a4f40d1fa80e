"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

import gc

from app_tess import create_app

app = create_app()
# What is loaded by now stays: looking through it for garbage again and again would hold a page in some hundreds up by 200 ms.
gc.collect()
gc.freeze()
