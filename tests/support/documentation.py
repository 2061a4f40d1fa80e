"""The commands that the documentation states, so that the tests run exactly those."""

import re

from tests.support.imports import ROOT


def code_block(page, name):
    """Return the content of the `code-block` with this `:name:` on a page of docs/."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```\{code-block\} \w+\n:name: (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return dict(blocks)[name]
