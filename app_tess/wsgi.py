"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

import gc

from app_tess import create_app

app = create_app()
# What is loaded by now stays loaded. Scanning it for garbage would delay one page in some hundreds by 200 ms.
gc.collect()
gc.freeze()
