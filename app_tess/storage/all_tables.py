"""Every module with tables: imported together, so that relations between tables and the migrations see them all."""

from app_tess.storage import (  # noqa: F401
    classifier_models,
    data_version,
    eclipsing_binary_models,
    listing,
    look_up_models,
    models,
    planet_models,
    run_models,
    score_models,
    search_models,
    survey_models,
)
