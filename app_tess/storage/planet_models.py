"""The tables of published planets and of the names under which TOIs and their stars are found."""

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model


class Planet(Model):
    """A published planet, also of a star that is not stored; `app_tess.fields.planet` describes its columns."""

    __tablename__ = "planets"
    planet_name: Mapped[str] = mapped_column(String(200), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    toi: Mapped[str | None] = mapped_column(String(16))
    """The TOI whose signal it is; NULL: none of the star's."""
    period_d: Mapped[float | None] = mapped_column(Float)
    period_err_d: Mapped[float | None] = mapped_column(Float)
    epoch_btjd: Mapped[float | None] = mapped_column(Float)
    epoch_err_d: Mapped[float | None] = mapped_column(Float)
    radius_rearth: Mapped[float | None] = mapped_column(Float)
    radius_err_rearth: Mapped[float | None] = mapped_column(Float)
    radius_reference: Mapped[str | None] = mapped_column(String(200))
    mass_mearth: Mapped[float | None] = mapped_column(Float)
    mass_err_mearth: Mapped[float | None] = mapped_column(Float)
    mass_kind: Mapped[str | None] = mapped_column(String(200))
    mass_reference: Mapped[str | None] = mapped_column(String(200))
    discovery_year: Mapped[int | None]
    discovery_method: Mapped[str | None] = mapped_column(String(200))
    host_name: Mapped[str | None] = mapped_column(String(200))
    hd_name: Mapped[str | None] = mapped_column(String(200))
    hip_name: Mapped[str | None] = mapped_column(String(200))
    gaia_dr3_name: Mapped[str | None] = mapped_column(String(200))
    vmag: Mapped[float | None] = mapped_column(Float)
    kmag: Mapped[float | None] = mapped_column(Float)
    gaia_gmag: Mapped[float | None] = mapped_column(Float)

    @property
    def aliases(self) -> list[str]:
        """The other names of its star."""
        return [name for name in (self.hd_name, self.hip_name, self.gaia_dr3_name) if name and name != self.host_name]


class SearchName(Model):
    """A name that the search box understands, in the form of `astro.names.name_key`."""

    __tablename__ = "search_names"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), index=True)
    tic_id: Mapped[int] = mapped_column(BigInteger)
    toi: Mapped[str | None] = mapped_column(String(16))
    """The TOI that it names; NULL: the star."""
