"""Write the software bill of materials of the site in CycloneDX 1.6: `make sbom`."""

import sys
import tomllib
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as BomComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from docs.software.components import ROOT, SITE, Component, packages, vendored


def build() -> Bom:
    """Return the bill: what `requirements.txt` installs on this platform, and the vendored scripts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    site = BomComponent(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        licenses=[LicenseFactory().make_from_string("MIT")],
    )
    bom = Bom()
    bom.metadata.component = site
    components = [*packages(SITE), *vendored()]
    parts = {component.name: _part(component) for component in components}
    bom.components.update(parts.values())
    bom.register_dependency(site, parts.values())
    for component in components:
        bom.register_dependency(parts[component.name], [parts[name] for name in component.needs])
    return bom


def _part(component: Component) -> BomComponent:
    links = []
    if component.homepage:
        links.append(ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(component.homepage)))
    return BomComponent(
        name=component.name,
        version=component.version,
        type=ComponentType.LIBRARY,
        bom_ref=component.purl,
        purl=PackageURL.from_string(component.purl),
        licenses=[LicenseFactory().make_from_string(component.license)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256) for sha256 in component.sha256],
        external_references=links,
    )


def render() -> str:
    """Return the bill as JSON."""
    return make_outputter(build(), OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render() + "\n", encoding="utf-8")
    print(f"{path}: {len(build().components)} components")
