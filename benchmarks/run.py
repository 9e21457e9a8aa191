"""Measure load, reason, assess and validate as ratios in one run: to a floor and to other engines.

The floor is what nobody can go below: composing the YAML of one case, checking its keys against the
key table, and one hand-written test of the law. Every figure of one run is taken in turns with the
floor, so that another load on the machine touches both. Results are printed and kept in
benchmarks/results/ (not committed). An argument is the number of records of the largest run
(1,000 unless given; 10,000 takes some minutes).
"""

from __future__ import annotations

import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from kg.assess import Engine, assess_prepared
from kg.case_keys import BLOCKS
from kg.load import load_case, load_law
from kg.load.case import read_case
from kg.load.tree import read_yaml
from kg.model import Case, Triple
from kg.prepare import disclosures, prepare

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("SC-*.yaml"))
ONE = ROOT / "tests" / "scenarios" / "SC-001.yaml"
SIZES = (1, 100, 1000)
ROUNDS = 15
#: The same cases, over and over, at every size: else the sizes would differ in more than number.
MIXTURE = 50

_KEYS = {key.name for block in BLOCKS.values() for key in block.keys}
_NAMED = {"parties", "people", "information"}
_LISTED_47_11 = {"local-authority", "nhs-foundation-trust", "nhs-trust", "integrated-care-board"}


def floor(text: str) -> bool:
    """Compose the YAML, check every key, and test section 47(9) by hand. Returns whether it is engaged."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    unknown = 0
    scalars: dict[str, str] = {}
    todo = [(root, "")]
    while todo:
        node, above = todo.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "expect":
                    continue
                unknown += above not in _NAMED and key.value not in _KEYS
                if isinstance(value, yaml.ScalarNode):
                    scalars[f"{above}/{key.value}"] = value.value
                todo.append((value, key.value))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((member, above) for member in node.value)
    return (
        not unknown
        and scalars.get("disclosure/trigger") == "request"
        and scalars.get("request/enquiry-open") == "yes"
        and scalars.get("trust/kind") in _LISTED_47_11
    )


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def in_turns(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of each work, all taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(timed(work))
    return {name: statistics.median(times) for name, times in found.items()}


def main() -> None:
    """Run all measurements and print one table."""
    text = ONE.read_text(encoding="utf-8")
    start = time.perf_counter()
    law = load_law()
    loaded = time.perf_counter()
    engine = Engine.of(law)
    compiled = time.perf_counter()
    gc.collect()
    gc.freeze()  # as the command does: the law stays as long as the process
    gc.set_threshold(50_000)
    case = load_case(ONE, law)
    prepared = prepare(case, law, disclosures(case)[0])
    rules = engine.compiled.rules_on(prepared.day)
    assert floor(text), "the hand-written test no longer fits SC-001"

    def whole() -> None:
        again = read_case(read_yaml(text, "SC-001"), law, "SC-001", short_forms=True)
        for name in disclosures(again):
            assess_prepared(prepare(again, law, name), engine)

    single = in_turns(
        {
            "floor": lambda: [floor(text) for _ in range(5)],
            "load": lambda: read_case(read_yaml(text, "SC-001"), law, "SC-001", short_forms=True),
            "prepare": lambda: prepare(case, law, disclosures(case)[0]),
            "reason": lambda: rules.close(prepared.triples),
            "assess": lambda: assess_prepared(prepared, engine),
            "load to answer": whole,
        },
        ROUNDS * 3,
    )
    one = single["floor"] / 5
    rows: list[tuple[str, float, float]] = [("floor", one, 1.0)]
    rows += [(f"1 case: {n}", ms, ms / one) for n, ms in single.items() if n != "floor"]
    rows += _many(engine, text)
    rows += _others(engine, single, text)
    rows += _validation(engine, case, text)
    rows += _records(engine, text, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    rows += _cold(text)
    rows.append(("ontology: read", (loaded - start) * 1000, (loaded - start) * 1000 / one))
    rows.append(("ontology: compile", (compiled - loaded) * 1000, (compiled - loaded) * 1000 / one))
    _report(rows, engine)


def _many(engine: Engine, text: str) -> list[tuple[str, float, float]]:
    """Cost per case, file to answer, of the same mixture of cases at two sizes; cases are not kept."""
    rows: list[tuple[str, float, float]] = []
    costs: list[float] = []
    for size in SIZES[1:]:

        def all_cases(size: int = size) -> None:
            for number in range(size):
                case = load_case(SCENARIOS[number % MIXTURE], engine.law)
                for name in disclosures(case):
                    assess_prepared(prepare(case, engine.law, name), engine)

        all_cases(MIXTURE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        works = {"floor": lambda: [floor(text) for _ in range(5)], "many": all_cases}
        found = in_turns(works, 3 if size < SIZES[-1] else 1)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        ms, one = found["many"] / size, found["floor"] / 5
        costs.append(ms / one)
        rows.append((f"{size} cases: file to answer, per case", ms, ms / one))
        rows.append((f"  peak memory grown by, MB ({size} cases)", grown, 0.0))
    rows.append((f"  cost per case at {SIZES[-1]} as a part of that at {SIZES[1]}", costs[-1] / costs[0], 0.0))
    return rows


def _others(engine: Engine, single: dict[str, float], text: str) -> list[tuple[str, float, float]]:
    """Close SC-001 with owlrl, with reasonable and with SHACL rules, beside the chainer."""
    import reasonable

    from kg.referee import close_with_owlrl, merged_graph

    case = load_case(ONE, engine.law)
    (prepared,) = [prepare(case, engine.law, name) for name in disclosures(case)]
    day = prepared.day.isoformat()
    entries = [entry for entry in engine.compiled.dated if entry.holds_on(day)]
    graph = merged_graph(entries, {1: prepared}, engine.law)
    size = len(graph)

    def with_reasonable() -> None:
        reasoner = reasonable.PyReasoner()
        reasoner.from_graph(graph)
        reasoner.reason()

    found = in_turns(
        {
            "floor": lambda: [floor(text) for _ in range(5)],
            "reasonable": with_reasonable,
        },
        5,
    )
    one = found["floor"] / 5
    rules = shacl_rules(engine)
    found["one pass of SHACL rules by pyshacl"] = timed(lambda: run_rules(prepared.triples, rules))
    found["owlrl"] = timed(lambda: close_with_owlrl(graph))
    rows: list[tuple[str, float, float]] = []
    for name in ("reasonable", "one pass of SHACL rules by pyshacl", "owlrl"):
        ms = found[name]
        rows += [
            (f"{name} on the graph of SC-001 ({size} triples)", ms, ms / one),
            ("  times the chainer (reason)", ms / single["reason"], 0.0),
            ("  times the whole assessment (load to answer)", ms / single["load to answer"], 0.0),
        ]
    return rows


def shacl_rules(engine: Engine) -> str:
    """Return the compiled axioms as SHACL triple rules, one for each subclass step and expression."""
    from kg.namespaces import expand

    def name(term: str) -> str:
        return f"<urn:x:{term[2:]}>" if term.startswith("_:") else f"<{expand(term)}>"

    def rule(target: str, condition: str, result: str) -> str:
        return (
            f"[] a sh:NodeShape ; {target} ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; "
            f"sh:predicate rdf:type ; sh:object {result}{condition} ] ."
        )

    compiled = engine.compiled
    lines = [
        "@prefix sh: <http://www.w3.org/ns/shacl#> .",
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
    ]
    for below, above in compiled.up.items():
        lines += [rule(f"sh:targetClass {name(below)}", "", name(wide)) for wide in above]
    for expression, (kind, parts) in compiled.expression.items():
        here = name(expression)
        if kind == "and":
            first, *rest = map(str, parts)
            condition = "".join(f" ; sh:condition [ a sh:NodeShape ; sh:class {name(one)} ]" for one in rest)
            lines.append(rule(f"sh:targetClass {name(first)}", condition, here))
        elif kind == "some" and parts[1] != "owl:Thing":
            condition = (
                f" ; sh:condition [ a sh:NodeShape ; sh:property [ sh:path {name(str(parts[0]))} ; sh:qualifiedMinCount 1 ; "
                f"sh:qualifiedValueShape [ sh:class {name(str(parts[1]))} ] ] ]"
            )
            lines.append(rule(f"sh:targetSubjectsOf {name(str(parts[0]))}", condition, here))
    return "\n".join(lines)


def run_rules(triples: tuple[Triple, ...], rules: str) -> None:
    """Run the rules once over the prepared graph (a closure would take several passes)."""
    import pyshacl
    from rdflib import Graph

    from kg.validate.graph import to_rdflib

    shapes = Graph().parse(data=rules, format="turtle")
    pyshacl.shacl_rules(to_rdflib(triples), shacl_graph=shapes)


def _validation(engine: Engine, case: Case, text: str) -> list[tuple[str, float, float]]:
    """One record with cross-check, beside plain pyshacl and pyrudof on the same graphs."""
    import pyrudof
    import pyshacl

    from kg.validate import data_graph, load_shapes, validate_case
    from kg.validate.graph import to_rdflib

    shapes = load_shapes()
    data = to_rdflib(next(iter(data_graph(case, engine, shapes))).triples)
    ntriples, shapes_text = data.serialize(format="nt"), shapes.rdf.serialize(format="nt")

    def with_rudof() -> None:
        other = pyrudof.Rudof(pyrudof.RudofConfig())
        other.read_data(ntriples)
        other.read_shacl(shapes_text)
        other.validate_shacl()

    found = in_turns(
        {
            "floor": lambda: [floor(text) for _ in range(5)],
            "validate": lambda: validate_case(case, engine, shapes),
            "plain": lambda: pyshacl.validate(data, shacl_graph=shapes.rdf),
            "rudof": with_rudof,
        },
        9,
    )
    one = found["floor"] / 5
    return [
        ("1 record: validate (answer, findings, pyshacl)", found["validate"], found["validate"] / one),
        ("1 record: plain pyshacl.validate, same graphs", found["plain"], found["plain"] / one),
        ("  validate as a part of plain pyshacl", found["validate"] / found["plain"], 0.0),
        ("1 record: pyrudof, same graphs and shapes", found["rudof"], found["rudof"] / one),
        ("  validate as a part of pyrudof", found["validate"] / found["rudof"], 0.0),
    ]


def _records(engine: Engine, text: str, most: int) -> list[tuple[str, float, float]]:
    """Cost per record of one JSON Lines file at two sizes, as `kg validate` runs it on all cores."""
    from kg.export.case_formats import case_to_jsonld
    from kg.load.many import Sources
    from kg.validate import load_shapes
    from kg.validate.many import validate_all

    shapes = load_shapes()
    cases = [load_case(path, engine.law) for path in SCENARIOS]
    held = [case for case in cases if any(p == "kg:record" for _, p, _ in case.triples)]
    lines = [json.loads(case_to_jsonld(case)) for case in held[:MIXTURE]]
    rows: list[tuple[str, float, float]] = []
    costs: list[float] = []
    for size in (200, most):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "records.jsonl"
            with path.open("w", encoding="utf-8") as out:
                for number in range(size):
                    tree = {**lines[number % len(lines)], "case": f"case-{number}"}
                    out.write(json.dumps(tree) + "\n")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            one = timed(lambda: [floor(text) for _ in range(20)]) / 20
            start = time.perf_counter()
            checked = sum(
                len(found.reports)
                for found in validate_all(
                    Sources([path]), engine, shapes, processes=os.cpu_count() or 1
                )
            )
            ms = (time.perf_counter() - start) * 1000 / size
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert checked >= size
        costs.append(ms)
        rows.append((f"{size} records of one file, per record, {os.cpu_count()} cores", ms, ms / one))
        rows.append((f"  peak memory grown by, MB ({size} records)", grown, 0.0))
    rows.append((f"  cost per record at {most} as a part of that at 200", costs[-1] / costs[0], 0.0))
    return rows


def _cold(text: str) -> list[tuple[str, float, float]]:
    """Cold start of the command, beside the bare interpreter with the same imports."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    imports = "import kg.cli, kg.assess, kg.load, kg.export"
    found = in_turns(
        {
            "floor": lambda: [floor(text) for _ in range(5)],
            "imports": lambda: subprocess.run([sys.executable, "-c", imports], check=True, env=env),
            "assess": lambda: subprocess.run(
                [sys.executable, "-m", "kg", "assess", str(ONE), "--json"],
                check=True,
                env=env,
                stdout=subprocess.DEVNULL,
            ),
        },
        3,
    )
    one = found["floor"] / 5
    return [
        ("cold: interpreter and imports", found["imports"], found["imports"] / one),
        ("cold: kg assess SC-001 --json", found["assess"], found["assess"] / one),
    ]


def _report(rows: list[tuple[str, float, float]], engine: Engine) -> None:
    width = max(len(name) for name, _, _ in rows)
    print(f"{'':{width}}  {'ms':>10}  {'× floor':>9}")
    for name, ms, ratio in rows:
        print(f"{name:{width}}  {ms:10.2f}  {f'{ratio:9.1f}' if ratio else '        –'}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{len(engine.law.triples)} triples, {len(engine.table.norms)} norms; peak memory {memory:.0f} MB; "
          f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ.json")
    (folder / name).write_text(
        json.dumps({"rows": rows, "norms": len(engine.table.norms)}, indent=1), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
