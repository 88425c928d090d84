"""Write the rules plotly.js would put into the page itself, as a file that a strict policy allows.

Once per new plotly.js, with Playwright and a Chromium at hand:  python tests/vendor/plotly_css.py
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
RULES = "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText).join('\\n')"


def main() -> None:
    [bundle] = VENDOR.glob("plotly-cartesian-*.min.js")
    version = bundle.name.removeprefix("plotly-cartesian-").removesuffix(".min.js")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content("<div id=chart></div>")
        page.add_script_tag(path=str(bundle))
        page.evaluate("Plotly.newPlot('chart', [{y: [1, 2]}])")
        rules = page.evaluate(RULES)
        browser.close()
    (VENDOR / f"plotly-{version}.css").write_text(rules + "\n")
    sys.stdout.write(f"plotly-{version}.css: {len(rules)} characters\n")


if __name__ == "__main__":
    main()
