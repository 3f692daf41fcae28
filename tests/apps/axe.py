"""Accessibility of a page, by axe: what is serious and ours.

    assert serious(page) == []
"""

# Streamlit's own parts, which no page can change: its list of pages puts the items of a section into a div inside the list.
_STREAMLITS = ["[data-testid=stSidebarNav]"]


def serious(page) -> list[str]:
    """Findings of impact 'serious' or 'critical' in WCAG 2.1 A and AA, as 'rule: selector: what is wrong'."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": [[part] for part in _STREAMLITS]}, options=options).response["violations"]
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
