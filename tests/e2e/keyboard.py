"""A person who has no mouse."""

from playwright.sync_api import Locator, Page


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    for _press in range(150):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def write(page: Page, wanted: Locator, text: str) -> None:
    """Write in a field, instead of what stands there."""
    reach(page, wanted)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def press(page: Page, wanted: Locator) -> None:
    """Press a button, or follow a link."""
    reach(page, wanted)
    page.keyboard.press("Enter")


def tick(page: Page, wanted: Locator) -> None:
    """Tick a box."""
    reach(page, wanted)
    page.keyboard.press("Space")
