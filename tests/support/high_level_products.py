"""Files of the pipelines that work on full-frame images, in their documented form, from given arrays."""

import numpy as np
from astropy.io import fits

from tests.support.light_curves import file_bytes, make_flux, primary_header


def make_tglc(sector=1, tic_id="1234", errors_in_columns=False, time=None, **columns):
    """Bytes of a TGLC file: lower-case columns, the TIC id as text, and errors of either vintage."""
    time = _times(1800.0) if time is None else time
    flux = make_flux(time)
    data = {
        "time": time,
        "psf_flux": 200 * flux,
        "aperture_flux": 300 * flux,
        "cal_psf_flux": flux,
        "cal_aper_flux": flux,
        "background": np.zeros(len(time)),
        "cadence_num": np.arange(len(time)),
        "TESS_flags": np.zeros(len(time)),
        "TGLC_flags": np.zeros(len(time)),
        **columns,
    }
    if errors_in_columns:
        data |= {f"{name}_err": np.full(len(time), 0.25) for name in list(data)[1:5]}
    table = _table(data, whole=("cadence_num", "TESS_flags", "TGLC_flags"))
    table.header.update({"BJDREFI": 2457000, "TIMESYS": "TDB", "TIMEDEL": 0.0225})
    if not errors_in_columns:
        table.header.update({"PSF_ERR": 2.0, "APER_ERR": 3.0, "CPSF_ERR": 0.01, "CAPE_ERR": 0.02})
    return file_bytes([primary_header(tic_id, sector, {"ORIGIN": "UCSB/TGLC"}), table])


def make_qlp(sector=1, tic_id=1234, time=None, flux=None, errors=None, quality=None):
    """Bytes of a QLP file with the columns of its sector's vintage; the fluxes are relative."""
    time = _times(1800.0 if sector < 27 else 600.0 if sector < 56 else 200.0) if time is None else time
    flux = make_flux(time) if flux is None else flux
    names = ("KSPSAP_FLUX", "KSPSAP_FLUX_ERR") if sector < 56 else ("DET_FLUX", "DET_FLUX_ERR")
    data = {
        "TIME": time,
        "CADENCENO": np.arange(len(time)),
        "SAP_FLUX": flux,
        **({} if sector < 56 else {"SYS_RM_FLUX": flux}),
        names[0]: flux,
        names[1]: np.full(len(time), 5e-4) if errors is None else errors,
        "QUALITY": np.zeros(len(time)) if quality is None else quality,
        "ORBITID": np.full(len(time), 9),
    }
    table = _table(data, whole=("CADENCENO", "QUALITY", "ORBITID"))
    table.header.update({"BJDREFI": 2457000, "BJDREFF": 0.0, "TIMESYS": "TDB"})
    return file_bytes([primary_header(tic_id, sector, {"ORIGIN": "MIT/QLP"}), table])


def make_tasoc(sector=1, tic_id=1234, time=None, **columns):
    """Bytes of a TASOC file: raw and corrected flux, the latter in parts per million, and two columns of bits."""
    time = _times(1800.0 if sector < 27 else 600.0 if sector < 56 else 200.0) if time is None else time
    flux = make_flux(time)
    data = {
        "TIME": time,
        "FLUX_RAW": 500 * flux,
        "FLUX_RAW_ERR": np.full(len(time), 0.5),
        "FLUX_CORR": 1e6 * (flux - 1),
        "FLUX_CORR_ERR": np.full(len(time), 1000.0),
        "QUALITY": np.zeros(len(time)),
        "PIXEL_QUALITY": np.zeros(len(time)),
        **columns,
    }
    table = _table(data, whole=("QUALITY", "PIXEL_QUALITY"))
    table.header.update({"BJDREFI": 2457000, "BJDREFF": 0.0, "TIMESYS": "TDB"})
    return file_bytes([primary_header(tic_id, sector, {"ORIGIN": "TASOC/Aarhus"}), table])


def _times(cadence_s):
    return 1325.0 + np.arange(int(26 * 86400 / cadence_s)) * cadence_s / 86400


def _table(data, whole):
    return fits.BinTableHDU.from_columns(
        [fits.Column(name, "J" if name in whole else "D", array=values) for name, values in data.items()],
        name="LIGHTCURVE",
    )
