"""ExoFOP's column names, in all the spellings seen since 2019, and what we call them."""

REQUIRED = ("tic_id", "toi", "period_d", "tfopwg_disposition")
"""Without these a table is not a TOI table: refuse it."""

TEXT = {
    "toi": ("TOI",),
    "tfopwg_disposition": ("TFOPWG Disposition",),
    "tess_disposition": ("TESS Disposition",),
    "planet_name": ("Planet Name",),
    "source": ("Source",),
    "detection": ("Detection",),
    "comments": ("Comments",),
    "sectors": ("Sectors",),
    "alerted_on": ("Date TOI Alerted (UTC)", "Date TOI Alerted (by TESS Project)"),
    "updated_on": ("Date TOI Updated (UTC)", "Date TOI Edited (UTC)", "Date TOI Updated (by TESS Project)"),
    "modified_at": ("Date Modified", "Date Modified (by ExoFOP-TESS)"),
}

NUMBERS = {
    "tic_id": ("TIC ID",),
    "epoch_bjd": ("Epoch (BJD)", "Transit Epoch (BJD)"),
    "period_d": ("Period (days)",),
    "duration_h": ("Duration (hours)",),
    "depth_mmag": ("Depth (mmag)",),
    "depth_ppm": ("Depth (ppm)",),
    "planet_radius_rearth": ("Planet Radius (R_Earth)",),
    "insolation_earth": ("Planet Insolation (Earth Flux)",),
    "equilibrium_temperature_k": ("Planet Equil Temp (K)", "Planet Eq Temp (K)"),
    "snr": ("Planet SNR",),
    "tmag": ("TESS Mag",),
    "ra_deg": ("RA", "RA (deg)"),
    "dec_deg": ("Dec", "Dec (deg)"),
    "pm_ra_masyr": ("PM RA (mas/yr)",),
    "pm_dec_masyr": ("PM Dec (mas/yr)",),
    "stellar_distance_pc": ("Stellar Distance (pc)",),
    "teff_k": ("Stellar Eff Temp (K)", "Stellar Teff (K)"),
    "logg": ("Stellar log(g) (cm/s^2)", "Stellar log(g) (cm/s2)"),
    "stellar_radius_rsun": ("Stellar Radius (R_Sun)",),
    "metallicity_dex": ("Stellar Metallicity",),
    "stellar_mass_msun": ("Stellar Mass (M_Sun)",),
}
"""Our name -> ExoFOP's names, the newest first. RA and Dec come as sexagesimal hours and degrees, or as degrees."""

ERRORS = {
    "epoch_err_d": "epoch_bjd",
    "period_err_d": "period_d",
    "duration_err_h": "duration_h",
    "depth_mmag_err": "depth_mmag",
    "depth_err_ppm": "depth_ppm",
    "planet_radius_err_rearth": "planet_radius_rearth",
    "tmag_err": "tmag",
    "stellar_distance_err_pc": "stellar_distance_pc",
    "teff_err_k": "teff_k",
    "logg_err": "logg",
    "stellar_radius_err_rsun": "stellar_radius_rsun",
    "metallicity_err_dex": "metallicity_dex",
    "stellar_mass_err_msun": "stellar_mass_msun",
}
"""Our name of a 1-sigma error -> our name of its value; ExoFOP calls it "<name> err"."""


def normalise(name):
    """A column name without case, spaces and underscores, so that the seed's `TIC_ID` and a leading blank still match."""
    return "".join(str(name).lower().replace("_", " ").split())


def match_columns(names):
    """Which of the columns `names` holds each of our columns.

    Returns
    -------
    dict
        Our name -> the file's name, for those that are there.
    """
    by_key = {}
    for name in names:
        by_key.setdefault(normalise(name), name)
    found = {}
    for ours, spellings in (TEXT | NUMBERS).items():
        for spelling in spellings:
            if normalise(spelling) in by_key:
                found[ours] = by_key[normalise(spelling)]
                break
    for ours, value in ERRORS.items():
        for spelling in NUMBERS[value]:
            if normalise(spelling + " err") in by_key:
                found[ours] = by_key[normalise(spelling + " err")]
                break
    return found
