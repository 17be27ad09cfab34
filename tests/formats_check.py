#!/usr/bin/env python3
"""Asks the readers of the CI formats whether they take what gainsay writes: SARIF's schema, the XSD of Jenkins'
xUnit plugin (xmllint), a Markdown renderer (cmark-gfm), an XML parser, a JSON parser, and what GitLab's
documentation demands. Over the logs of tests/corpus, the samples, and a log of hostile messages; what they
read must be the findings of the JSON lines, and nothing else.

  formats_check.py GAINSAY SOURCE_DIR

Exit code 77, and a line that says so, where a reader is not installed."""

import gzip
import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as ET
from pathlib import Path

FORMATS = ["sarif", "junit", "github", "gitlab", "markdown"]


def missing():
    absent = [tool for tool in ("xmllint", "cmark-gfm") if shutil.which(tool) is None]
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        absent.append("python3-jsonschema")
    return absent


class Mismatch(Exception):
    pass


def need(held, *what):
    if not held:
        raise Mismatch(" ".join(str(w) for w in what))


# What may not stand in any format: C0 but newline and tab, DEL, C1, bidirectional controls, U+FFFE and U+FFFF.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
# What stays as it is in every format.
PLAIN = re.compile(r"[\w. -]{1,200}")


def plain(path):
    text = path.read_bytes().decode("utf-8")  # strict: invalid UTF-8 raises
    found = FORBIDDEN.search(text)
    need(not found, path.suffix, "holds", ascii(found.group()) if found else "")
    for command in re.findall(r"##[A-Za-z]*\[", text):
        raise Mismatch(f"{path.suffix} holds {command}")
    return text


def is_relative(path):
    parts = path.split("/")
    return path != "" and not path.startswith("/") and not {"", ".", ".."} & set(parts)


def message_of(error):
    return ": ".join(part for part in (error["message"], error.get("error", "")) if part)


def check_sarif(text, findings, schema):
    log = json.loads(text)
    schema.validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    need(all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules), "a rule without help")
    need(len({rule["id"] for rule in rules}) == len(rules), "two rules of one id")
    got = {}
    for result in run["results"]:
        need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "rule of", result)
        got[result["fingerprints"]["gainsayFinding/v1"]] = result
        need(set(result["partialFingerprints"].values()) == {result["properties"]["cause"]}, "fingerprint")
        places = [location["physicalLocation"] for location in result["locations"]]
        need(len(places) == 1, "locations of", result)
        steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
        places += [step["location"]["physicalLocation"] for step in steps]
        for place in places:
            uri = place["artifactLocation"]["uri"]
            need(re.fullmatch(r"(?:[A-Za-z0-9._~!/-]|%[0-9A-F]{2})+", uri), "uri", uri)
            need(is_relative(urllib.parse.unquote(uri, errors="strict")), "uri", uri)
            need(place["region"]["startLine"] >= 1, "line of", result)
        messages = [result["message"]["text"]] + [step["location"]["message"]["text"] for step in steps]
        for message in messages:
            need(message and "](" not in message, "link in", message)
            need(not re.search(r"[{}]", message.replace("{{", "").replace("}}", "")), "placeholder in", message)
    need(len(got) == len(run["results"]) and set(got) == {f["id"] for f in findings}, "findings")
    for finding in findings:
        kept = got[finding["id"]]["properties"]
        for key in ("task", "name", "system", "run", "attempt", "cause"):
            need(kept[key] == finding[key], key, kept, finding)
        need(kept["message"] == finding["errors"][0]["message"], "message", kept)
        need(got[finding["id"]]["ruleId"] == finding["errors"][0]["reason"], "reason", kept)


def check_gitlab(text, findings):
    entries = json.loads(text)
    need(isinstance(entries, list) and len(entries) == len(findings), "entries")
    need(len({entry["fingerprint"] for entry in entries}) == len(entries), "fingerprints")
    for entry, finding in zip(entries, findings):
        need(set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}, "keys", entry)
        need(entry["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity", entry)
        need(entry["fingerprint"] == finding["cause"] + finding["id"], "fingerprint", entry)
        need(entry["check_name"] == finding["errors"][0]["reason"], "check_name", entry)
        need(is_relative(entry["location"]["path"]), "path", entry)
        need(entry["location"]["lines"]["begin"] == finding["errors"][0]["line"], "line", entry)
        need(message_of(finding["errors"][0])[:990] in entry["description"], "description", entry)


def check_junit(text, findings, path, xsd):
    made = subprocess.run(["xmllint", "--noout", "--schema", xsd, path], capture_output=True, text=True)
    need(made.returncode == 0, made.stderr[:500])
    root = ET.fromstring(text)
    cases = [(suite, case) for suite in root for case in suite.findall("testcase")]
    need(len(cases) >= 1, "no case: Jenkins takes that for a broken build")
    names = [(suite.get("name"), case.get("classname"), case.get("name")) for suite, case in cases]
    need(len(set(names)) == len(names), "two cases of one name")
    failed = [(suite.get("name"), case) for suite, case in cases if case.find("failure") is not None]
    need(int(root.get("failures")) == len(failed) == len(findings), "failures")
    need(sum(int(suite.get("tests")) for suite in root) == len(cases) == int(root.get("tests")), "tests")
    told = {}
    for system, case in failed:
        need(" " in case.find("failure").get("type"), "a type of one word is one of Rails'")
        told[re.search(r"finding (\w+), cause \w+\n$", case.find("failure").text).group(1)] = (system, case)
    for finding in findings:
        system, case = told[finding["id"]]
        if PLAIN.fullmatch(finding["task"]):
            need(system == (finding["system"] or "tasks"), "system", finding)
            need(case.get("name").startswith(finding["task"]), "task", finding)


class Tags(html.parser.HTMLParser):
    ALLOWED = set("h1 h2 h3 p ul li table thead tbody tr th td code pre".split())

    def __init__(self):
        super().__init__()
        self.depth, self.outside, self.code = 0, [], []

    def handle_starttag(self, tag, attrs):
        need(tag in self.ALLOWED, "forged tag", tag, attrs)
        need(all(name == "align" for name, _ in attrs), "forged attribute", tag, attrs)
        self.depth += tag == "code"

    def handle_endtag(self, tag):
        self.depth -= tag == "code"

    def handle_comment(self, data):
        raise Mismatch(f"forged comment {data}")

    def handle_data(self, data):
        (self.code if self.depth else self.outside).append(data)


def check_markdown(text, findings, path, limit=1000):
    need(len(text.encode()) <= 1024 * 1024, "too long for a step summary")
    extensions = [word for name in ("table", "autolink", "strikethrough", "tasklist") for word in ("-e", name)]
    made = subprocess.run(["cmark-gfm", "--unsafe", *extensions, path], capture_output=True, check=True)
    tags = Tags()
    tags.feed(made.stdout.decode())
    outside = "".join(tags.outside)
    for sign in ("@", "](", "http", "www.", "<", "\x1b"):
        need(sign not in outside, "forged", sign, outside[:2000])
    code = "\n".join(tags.code)
    for finding in findings[:limit]:
        need(finding["id"] in code and finding["cause"] in code, "finding", finding["id"])
    heads = re.findall(r"^#+ .*$", text, re.M)
    need(len(heads) == 2 + (1 + len(findings) if findings else 0), "heads", len(heads))


def check_github(text, findings):
    lines = text.splitlines()
    kinds = {}
    for line in lines:
        parts = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:]+,?)+)::(.*)", line)
        need(parts, "no command", line)
        kinds[parts.group(1)] = kinds.get(parts.group(1), 0) + 1
        keys = dict(pair.split("=", 1) for pair in parts.group(2).split(","))
        need(set(keys) <= {"file", "line", "title"}, "properties", line)
        if "file" in keys:
            unescaped = keys["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
            need(is_relative(unescaped) and int(keys["line"]) >= 1, "place", line)
    need(all(count <= 10 for count in kinds.values()), "more than ten", kinds)
    told = re.findall(r"finding (\w+), cause \w+$", text, re.M)
    need(set(told) <= {finding["id"] for finding in findings}, "findings")
    need(len(told) == (len(findings) if len(findings) <= 10 else 9), "count", len(told))


def hostile_everywhere(lines):
    """The messages of the findings in every other text that a finding and a cause have."""
    findings = [line for line in lines if line["type"] == "finding"]
    for finding in findings:
        error, bad = finding["errors"][0], finding["errors"][0]["message"]
        finding.update(task=bad, name=bad, system=bad)
        error.update(reason=bad, target=bad, rule=bad, error=bad, level=bad, source=bad)
        finding["reported"].update(state=bad, source=bad, message=bad)
    for cause, finding in zip((line for line in lines if line["type"] == "cause"), findings):
        cause.update(reason=finding["name"], target=finding["name"])
    return lines


def check_log(gainsay, log, folder, schema, xsd, change=None):
    outputs = [f"-o{name}={folder / ('report.' + name)}" for name in ["jsonl"] + FORMATS]
    made = subprocess.run([gainsay, "scan", log, *outputs], capture_output=True)
    need(made.returncode in (0, 1, 3), made.stderr)
    if change:
        lines = change([json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()])
        (folder / "changed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        made = subprocess.run([gainsay, "report", folder / "changed.jsonl", *outputs], capture_output=True)
        need(made.returncode == 1, made.stderr)
    text = {name: plain(folder / f"report.{name}") for name in FORMATS}
    lines = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
    findings = [line for line in lines if line["type"] == "finding"]
    check_sarif(text["sarif"], findings, schema)
    check_gitlab(text["gitlab"], findings)
    check_junit(text["junit"], findings, folder / "report.junit", xsd)
    check_markdown(text["markdown"], findings, folder / "report.markdown")
    check_github(text["github"], findings)
    return len(findings)


def main():
    gainsay, source = sys.argv[1], Path(sys.argv[2])
    if absent := missing():
        print(f"SKIPPED: not installed: {', '.join(absent)} (tests/run installs them)")
        return 77
    import jsonschema

    data = source / "tests/data"
    with gzip.open(data / "sarif-2.1.0-rtm.5.schema.json.gz") as file:
        schema = jsonschema.Draft4Validator(json.load(file), format_checker=jsonschema.FormatChecker())
    logs = [data / "hostile.log", data / "hostile.log", *sorted((source / "samples").glob("*/*.jsonl"))]
    logs += sorted(path for path in (source / "tests/corpus").glob("*.gz"))
    total = failures = 0
    for number, log in enumerate(logs):
        change = hostile_everywhere if number == 0 else None
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = check_log(gainsay, log, Path(folder), schema, data / "junit-10.xsd", change)
                total += found
                print(f"{log.name}: {found} findings, each format holds them")
                need(log.name != "hostile.log" or found == 181, "expected 181 findings")
            except (Mismatch, KeyError, ValueError, AttributeError) as error:
                failures += 1
                print(f"{log.name}: {type(error).__name__}: {str(error)[:1500]}")
    print(f"{len(logs)} logs, {total} findings, {failures} failed")
    return 1 if failures or total < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
