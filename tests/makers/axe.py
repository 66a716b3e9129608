"""The axe engine on a page as it stands: every rule of WCAG 2.2 A and AA, and the best practices."""

from typing import Any, Final

from playwright.sync_api import Page

from tests.makers.demo import ROOT

ENGINE: Final = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# A colour in the middle of its way is nobody's fault; what turns for ever, or left the page, is not waited for.
_SETTLE: Final = """Promise.race([
  Promise.all(document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity)
    .map(one => one.finished.catch(() => undefined))),
  new Promise(done => setTimeout(done, 2000)),
]).then(() => undefined)"""
_RUN: Final = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}).then(
  found => found.violations.flatMap(one => one.nodes.map(node =>
    `${one.id}: ${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map(check => check.message).join('; ')}`)))"""


def violations(page: Page) -> list[str]:
    """What axe finds on this page: the rule, where, and why."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(ENGINE.read_text())
    page.evaluate(_SETTLE)
    found: Any = page.evaluate(_RUN, TAGS)
    return [str(one) for one in found]
