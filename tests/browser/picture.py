"""python -m tests.browser.picture [ADDRESS]: the README's picture, taken from a running demo as Maya sees it."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
PICTURE = Path(__file__).resolve().parents[2] / "static/readme/team.png"


def main(address: str = "http://127.0.0.1:8000") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(f"{address}/accounts/login/")
        page.fill("input[name=login]", "maya")
        page.fill("input[name=password]", "touchline-demo")
        page.click("button[type=submit]")
        page.wait_for_url(f"{address}/")
        page.reload()  # without the word of welcome
        page.wait_for_selector("[data-chart][data-ready]", state="attached")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
