"""Write docs/reference/licenses.md: `make licenses`."""

from docs.software.components import DEVELOPMENT, ROOT, SITE, packages, vendored

PAGE = ROOT / "docs" / "reference" / "licenses.md"
HEAD = """# Licenses

The licenses of the software that the site uses, as its authors state them; `make licenses` writes this page. The site's
own is the MIT License. Nothing of the packages is in this repository; `make run` and `make test` install them.
`batman-package`, which simulates the light curves of the bundled sample, is under the GNU GPL: whoever distributes a
whole installation must observe it.
"""


def render() -> str:
    """Return the page: vendored scripts, the packages of the site, and those of training, checks and tests."""
    site = packages(SITE)
    names = {component.name for component in site}
    others = {component.name: component for file in DEVELOPMENT for component in packages(file)}
    development = [component for name, component in sorted(others.items()) if name not in names]
    sections = {
        "In the repository": vendored(),
        "Installed with the site": site,
        "Installed for training, checks and tests": development,
    }
    parts = [HEAD]
    for title, components in sections.items():
        rows = [f"| {component.name} | {component.license.replace('|', '/')} |" for component in components]
        parts.append("\n".join([f"## {title}\n", "| software | license |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
