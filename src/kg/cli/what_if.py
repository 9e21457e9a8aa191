"""``kg what-if``: what would change under other facts, or by the law of another day."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from kg import explain
from kg.cli import screen
from kg.cli.base import AS_AT, JSON, main, parse_day, print_json, the_engine
from kg.model import Comparison, OpenJudgement

#: States in which a norm plays no part: a change between them is counted, not printed.
_IDLE = {"not-applicable", "not-in-force"}


@main.command("what-if")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "texts",
    metavar="PATH=VALUE",
    multiple=True,
    help="Suppose that this key has this value; PATH= removes it. May be given several times.",
)
@click.option("--disclosure", metavar="ID", default="", help="Only this disclosure of the case.")
@AS_AT
@JSON
def what_if(
    file: Path, texts: tuple[str, ...], disclosure: str, as_at: str | None, *, as_json: bool
) -> None:
    """Say what would change for a CASE under other facts, or by the law of another day.

    \b
      kg what-if examples/section-47-request.yaml --set disclosure/trigger=own-initiative
      kg what-if examples/section-47-request.yaml \\
        --set disclosure/judgements/help-would-be-unreasonable/answer=no
      kg what-if examples/section-47-request.yaml --as-at 2026-03-01

    PATH is the keys of the case file joined by /; members of a list go by id, name or place,
    judgements by question. With --set, --as-at fixes the law date of both answers; without, it
    compares the law of the case's own day with that of DATE. Nothing is saved.

    Exit code 0 when answered, whatever the answer; 2 for a path, value or file that means nothing.
    """
    from kg.what_if import read_changes, suppose

    engine = the_engine()
    found = suppose(
        file, read_changes(texts), engine, as_at=parse_day(as_at), disclosure=disclosure
    )
    if as_json:
        from kg.export import what_if_json

        print_json(what_if_json(found, engine))
        return
    for one in found:
        show_comparison(one)


def show_comparison(found: Comparison) -> None:
    """Print what differs between two answers for one disclosure, and that nothing is saved."""
    out = screen.console()
    before, after = found.before, found.after
    out.print()
    dates = before.law_date.isoformat()
    if before.law_date != after.law_date:
        dates += f" compared with law of {after.law_date.isoformat()}"
    out.print(Text(f"What if · {after.case} · {after.id} · law of {dates}", style="bold"))
    for one in found.supposed:
        screen.line(out, f"Supposed: {explain.supposition_sentence(one)}", 2)
    out.print()
    cited = {p.id: p.citation for p in after.provisions}
    if found.nothing:
        out.print(Text("Nothing changes.", style="bold"))
        for one in found.supposed:
            citations = [cited[name] for name in one.read_by]
            screen.line(out, explain.no_difference_sentence(one, citations), 2)
        if not found.supposed:
            screen.line(out, "No change of the law between the two days touches these facts.", 2)
    else:
        _show_answer(out, found)
        _show_layers(out, found, cited)
        _show_provisions(out, found)
        _show_judgements(out, found)
    _show_law(out, found)
    out.print()
    out.print(Text("Nothing was saved: the case file is as it was. Not legal advice.", style="dim"))


def _show_answer(out: Console, found: Comparison) -> None:
    if found.before.outcome == found.after.outcome:
        same = explain.OUTCOME_WORDS[found.after.outcome]
        out.print(Text(f"The outcome stays: {same}.", style="bold"))
        return
    for word, one in (("Before", found.before), ("After", found.after)):
        out.print(Text(f"{word}: {explain.answer_sentence(one)}", style="bold"))
    if found.after.outcome == "not-established":
        screen.line(out, explain.NOT_A_BAN)
    for conflict in found.conflicts_new:
        screen.line(out, f"New conflict: {conflict.duty} and {conflict.prohibition}.", 2)
    for conflict in found.conflicts_gone:
        screen.line(out, f"Conflict gone: {conflict.duty} and {conflict.prohibition}.", 2)


def _show_layers(out: Console, found: Comparison, cited: dict[str, str]) -> None:
    if not found.layers:
        return
    screen.heading(out, "Layers")
    for change in found.layers:
        was, now = change.before, change.after
        words = [explain.LAYER_WORDS[layer.state] for layer in (was, now)]
        arrow = " → ".join(dict.fromkeys(words))
        lost = [cited[name] for name in was.by if name not in now.by]
        gained = [cited[name] for name in now.by if name not in was.by]
        parts = [
            f"{verb} {explain.names_in_words(names)}"
            for verb, names in (("no longer by", lost), ("now by", gained))
            if names
        ]
        screen.line(out, f"• {now.label}: {arrow}{'; ' if parts else ''}{'; '.join(parts)}")


def _show_provisions(out: Console, found: Comparison) -> None:
    shown = [c for c in found.provisions if not {c.before.state, c.after.state} <= _IDLE]
    shown.sort(key=lambda c: c.after.effect == "guidance")
    idle = len(found.provisions) - len(shown)
    if found.provisions:
        screen.heading(out, "Provisions")
    for change in shown:
        now = change.after
        words = [explain.PROVISION_WORDS[result.state] for result in (change.before, now)]
        arrow = " → ".join(dict.fromkeys(words)) + (
            " (on some strands)" if change.before.state == now.state else ""
        )
        review = f" [{explain.AWAITING}]" if now.review_status != "confirmed" else ""
        out.print(Text.assemble(("• ", ""), (now.citation, "bold"), f": {arrow}{review}"))
        screen.line(out, explain.provision_change_reason(change, found), 4)
    if idle:
        others = "others play" if idle > 1 else "other plays"
        screen.line(out, f"• {idle} {others} no part on either side: see --json.", 0, "dim")


def _show_judgements(out: Console, found: Comparison) -> None:
    groups = (
        ("Now asked", found.asked),
        ("No longer asked", found.fallen_away),
        ("Answered", found.answered),
    )
    if any(group for _, group in groups):
        screen.heading(out, "For a person to judge")
    for word, group in groups:
        first: dict[str, tuple[OpenJudgement, list[str]]] = {}
        for one in group:
            first.setdefault(one.id, (one, []))[1].append(one.provision)
        for one, provisions in first.values():
            said = "" if one.answer is None else f" {'Yes' if one.answer else 'No'}: {one.made_by}."
            named = ", ".join(dict.fromkeys(provisions))
            screen.line(out, f"• {word}: {one.question}{said} ({one.id}; for {named})")


def _show_law(out: Console, found: Comparison) -> None:
    if found.before.law_date == found.after.law_date:
        return
    if found.legal:
        screen.heading(out, "Changes of the law behind the difference")
        for day in dict.fromkeys(change.day for change in found.legal):
            changes = [change for change in found.legal if change.day == day]
            screen.line(out, f"• {day}: {explain.legal_changes_sentence(changes, len(changes))}.")
    if found.prospective:
        screen.heading(out, f"Not in force on {found.after.law_date.isoformat()}: does not count")
        for one in found.prospective:
            start = f"in force only from {one.in_force[0]}" if one.in_force[0] else "not commenced"
            screen.line(out, f"• {one.citation}: {one.label}. Would fit the facts; {start}.")
