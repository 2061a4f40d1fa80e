"""Vet: fetch a star's light curves, fold, measure and classify them, and store the result with its provenance."""

from app_tess.archives.products import require_choice
from app_tess.errors import MissingData
from app_tess.storage import stars, vetting_results
from app_tess.storage.switching import current_load_id
from app_tess.tasks import measure_vetting
from app_tess.tasks.star_input import read_star


def vet_star(config, tic_id, report, mask="default", flux=None, kind=None):
    """Vet every TOI of a star and return the run's closing message.

    For a TOI that cannot be measured the reason is stored. `mask` and `flux` are names in archives.products; the flux
    is by default that of each file's kind, and `kind` by default the most preferred one of each sector.

    Raises
    ------
    MissingData
        There is no such star, or it has no light curve.
    InvalidInput
        There is no such mask, flux or kind of light curve.
    ArchiveError, FileFormatError
        Its files cannot be fetched or read; earlier results stay.
    OutdatedInput
        The catalogue was replaced meanwhile; earlier results stay.
    """
    require_choice(mask, flux, kind)
    load_id = current_load_id()
    star = read_star(stars.get_star(tic_id))
    if not star.tois:
        raise MissingData(f"TIC {tic_id} has no TOI, so there is no signal to vet.")
    total = 1 + len(star.tois)
    report(0, total, "fetching light curves")
    files = measure_vetting.read_files(config, star, kind)
    results = measure_vetting.measure(
        star, files, mask, flux, kind, lambda done, label: report(done, total, f"measuring {label}")
    )
    report(total, total, "storing the results")
    message = f"Vetted TIC {tic_id}: {measure_vetting.count_measured(results)} in {len(files.found)} light curve(s)."
    vetting_results.record_results(results, load_id, message)
    return message
