"""The HTML report in a headless Chromium: html_browser.py GAINSAY [AXE_MIN_JS]

Looks at what a person does with it: search, filter, open a finding, follow a permalink, without a mouse; in a
report of 10,000 findings, one of hostile messages, and one of none. Nothing may be logged to the console (a
refused script or style is). Exits with 77 where there is no Chromium, its driver or selenium.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.keys import Keys
except ImportError:
    print("SKIPPED: no python3-selenium")
    sys.exit(77)

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-size=1280,1000"]
HOSTILE = ["</script><script>window.broken=1</script>", "<img src=x onerror=window.broken=1>", "\u202egnp.exe",
           "\x1b[31mred\x07", "<!--", "]]>", "' onmouseover='window.broken=1", "::error::forged", "{{script}}",
           "javascript:window.broken=1", "a\nb\tc", "\u2028", "\\u003c", "&lt;", "\x00", "A" * 20000]


def start(folder):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS + ["--user-data-dir=" + folder + "/profile"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


def task_log(number, messages):
    """A Celery task that logs these errors and succeeds."""
    task = "%08x-0000-4000-8000-000000000000" % number
    at = "2026-05-31T%02d:%02d:%02d." % (number // 3600 % 24, number // 60 % 60, number % 60)
    lines = [{"time": at + "000Z", "level": "info", "message": "Task media.%d[%s] received" % (number % 4, task)}]
    for i, message in enumerate(messages):
        lines.append({"time": at + "%03dZ" % (100 + i), "level": "error", "message": message, "task_id": task})
    lines.append({"time": at + "900Z", "level": "info",
                  "message": "Task media.%d[%s] succeeded in 0.2s: None" % (number % 4, task)})
    return "".join(json.dumps(line) + "\n" for line in lines)


class Page:
    def __init__(self, browser, gainsay, folder):
        self.browser, self.gainsay, self.folder = browser, gainsay, folder

    def open(self, name, log, fragment="", flags=()):
        """Scans the log and opens its report; returns the JSON lines of the same scan."""
        path = os.path.join(self.folder, name)
        with open(path + ".log", "w", encoding="utf-8") as file:
            file.write(log)
        subprocess.run([self.gainsay, "scan", path + ".log", "-o", "html=" + path + ".html", "-o",
                        "jsonl=" + path + ".jsonl", "--exit-zero", *flags], check=True)
        self.browser.get("about:blank")
        self.browser.get("file://" + path + ".html" + fragment)
        with open(path + ".jsonl", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def js(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0]).textContent", selector)

    def count(self, selector):
        return self.js("return document.querySelectorAll(arguments[0]).length", selector)

    def element(self, selector):
        return self.browser.find_element("css selector", selector)

    def choose(self, select, value):
        self.js("const s = document.getElementById(arguments[0]); s.value = arguments[1];"
                "s.dispatchEvent(new Event('change'));", select, value)

    def wait(self, condition, what):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, what + ": " + self.text("#status")
            time.sleep(0.02)

    def quiet(self):
        log = self.browser.get_log("browser")
        assert log == [], log

    def fair(self, axe):
        """No serious fault of accessibility."""
        if axe:
            self.js(axe)
            result = self.browser.execute_async_script("axe.run().then(arguments[0])")
            faults = [(v["id"], v["impact"], [n["html"][:150] for n in v["nodes"]][:3]) for v in result["violations"]]
            assert faults == [], faults


def test_three(page, axe):
    log = "".join(task_log(i, ["primary write failed: no such field 'x'"]) for i in range(3))
    lines = page.open("three", log)
    assert page.text("h1") == "Contradiction", page.text("h1")
    assert page.count(".finding[open]") == 3 and page.count(".event") == 9
    assert page.text(".event.error .gap") == "+0.1 s" and page.text(".event.succeeded .gap") == "+0.8 s"
    assert json.loads(page.text("#data")) == lines
    assert page.text("#status") == "3 findings"
    page.fair(axe)
    page.quiet()


def test_none(page, axe):
    page.open("none", task_log(1, []), flags=["--all-tasks"])
    assert page.text("h1") == "Clean" and page.count("#findings[hidden]") == 1
    assert page.text("#run-status") == "1 run" and page.count("#run-table tbody tr") == 1
    page.fair(axe)
    page.open("empty", "")
    assert page.text("h1") == "Inconclusive" and page.count(".doubts li") == 1
    page.fair(axe)
    page.quiet()


def test_hostile(page, axe):
    log = "".join(task_log(i, ["primary write failed: " + text]) for i, text in enumerate(HOSTILE))
    lines = page.open("hostile", log, flags=["--all-tasks"])
    assert json.loads(page.text("#data")) == lines
    assert page.count(".finding") == len(HOSTILE)
    page.js("for (const f of document.querySelectorAll('.finding')) f.open = true")
    page.wait(lambda: page.count(".body") == len(HOSTILE), "all open")
    shown = page.js("return [...document.querySelectorAll('.event.error pre')].map(p => p.textContent)")
    assert any("\\u202egnp.exe" in text for text in shown) and any("a\nb\tc" in text for text in shown)
    whole = page.js("return document.body.innerText")
    for c in "\u202e\x1b\x07\u2028":
        assert c not in whole, repr(c)
    assert page.js("return window.broken") is None
    assert page.count("img") == 0 and page.count("script") == 2
    assert page.count("[onerror], [onmouseover], [onclick]") == 0
    page.fair(axe)
    page.quiet()


def test_many(page, axe):
    reasons = ["no such field 'x'", "disk full", "not leader", "permission denied for table t"]
    log = "".join(task_log(i, ["primary write failed: " + reasons[0 if i % 7 else i % 4]]) for i in range(10000))
    lines = page.open("many", log)
    findings = [line for line in lines if line["type"] == "finding"]
    assert len(findings) == 10000 and page.text("#status") == "1 to 50 of 10,000 findings", page.text("#status")
    assert page.count("*") < 3000
    page.fair(axe)
    search(page)
    filters(page, lines)
    pages(page)
    keyboard(page)
    permalinks(page, findings, lines)
    page.quiet()


def search(page):
    page.element("#q").send_keys("0000270f")  # task 9999
    page.wait(lambda: page.text("#status") == "1 finding that fits, of 10,000", "search")
    assert page.text(".finding h3").startswith("0000270f-")
    assert "q=0000270f" in page.js("return location.hash")
    page.element("#q").send_keys(" nothing")
    page.wait(lambda: page.text("#status") == "No finding fits.", "search for nothing")
    page.element("#clear").click()
    page.wait(lambda: page.text("#status").endswith("10,000 findings"), "clear")
    assert page.js("return document.getElementById('q').value") == ""


def filters(page, lines):
    rare = [line for line in lines if line["type"] == "cause"][-1]
    page.choose("reason", rare["reason"])
    page.wait(lambda: " of " + "{:,}".format(rare["tasks"]) + " findings that fit" in page.text("#status"), "reason")
    page.choose("reason", "")
    page.element(".legend button").click()
    page.wait(lambda: page.count(".legend button[aria-pressed=true]") == 1, "legend")
    page.element(".legend button").click()
    page.js("document.querySelector('.chart .hit').dispatchEvent(new MouseEvent('click'))")
    page.wait(lambda: page.count("#span[hidden]") == 0 and "that fit" in page.text("#status"), "a column of the chart")
    page.element("#span").click()
    page.wait(lambda: page.count("#span[hidden]") == 1, "all times again")


def pages(page):
    page.js("[...document.querySelectorAll('#pages button')].find(b => b.textContent === 'Next').click()")
    page.wait(lambda: page.text("#status").startswith("51 to 100 of"), "next page")
    assert page.js("return location.hash") == "#page=2"
    page.element("#clear").click()


def keyboard(page):
    """From the search on with the tab key, down with the arrow, open with Enter."""
    page.js("document.getElementById('q').focus()")
    for _ in range(20):
        if page.js("return document.activeElement.tagName") == "SUMMARY":
            break
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
    assert page.js("return document.activeElement.tagName") == "SUMMARY"
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    page.wait(lambda: page.count(".finding[open] .event") == 3, "opened by keyboard")
    assert page.js("return document.activeElement.parentElement.open")


def permalinks(page, findings, lines):
    here = page.js("return location.href.split('#')[0]")
    wanted = findings[7777]
    page.browser.get("about:blank")
    page.browser.get(here + "#finding-" + wanted["id"])
    page.wait(lambda: page.js("return document.activeElement.tagName") == "SUMMARY", "a finding's link")
    assert page.text(".finding[open] h3") == wanted["task"]
    cause = [line for line in lines if line["type"] == "cause"][-1]
    page.js("location.hash = '#cause-" + cause["id"] + "'")
    page.wait(lambda: "of " + "{:,}".format(cause["tasks"]) + " findings" in page.text("#status"), "cause")
    assert page.count(".causes tr.chosen") == 1
    page.browser.get("about:blank")
    page.browser.get(here + "#reason=" + cause["reason"] + "&page=2")
    page.wait(lambda: page.text("#status").startswith("51 to 100 of"), "a filter's link")


def main():
    if not (os.path.exists(CHROMIUM) and os.path.exists(DRIVER)):
        print("SKIPPED: no chromium and chromium-driver")
        return 77
    axe = None
    if len(sys.argv) > 2 and os.path.exists(sys.argv[2]):
        with open(sys.argv[2], encoding="utf-8") as file:
            axe = file.read()
    else:
        print("without axe-core: accessibility is not looked at")
    folder = tempfile.mkdtemp(prefix="gainsay-html-")
    browser = start(folder)
    try:
        for test in [test_three, test_none, test_hostile, test_many]:
            begin = time.monotonic()
            test(Page(browser, sys.argv[1], folder), axe)
            print("ok %s (%.1f s)" % (test.__name__, time.monotonic() - begin))
    finally:
        browser.quit()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
