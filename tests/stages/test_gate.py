"""What the gate counts and what it lets pass."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from lowres.catalog import Reference
from lowres.evaluation import Interval, Prediction
from lowres.identifier import learn_profile
from lowres.recipe import Publish
from lowres.serving.installed import Installed
from lowres.serving.routing import Router
from lowres.stages import gate
from lowres.stages.gate import LocaleFlips, check_flips, check_licences, check_report, check_routing, flips_of
from lowres.stages.publish import strictest
from lowres.utterance import Utterance

ENGLISH = ["wake me at seven", "play some music", "turn the light off", "what is the weather like"]
SWAHILI = ["niamshe saa moja", "cheza muziki", "zima taa ya jikoni", "hali ya hewa ikoje"]


def said(text: str, intent: str = "right") -> Utterance:
    return Utterance(id=text, text=text, locale="und", intent=intent)


def system(right: set[str]):
    """A system that reads these texts right and all others wrong."""
    return lambda utterances: [Prediction(utterance=replace(one, intent="right" if one.text in right else "wrong"), confidence=0.5) for one in utterances]


@pytest.fixture
def router(tmp_path) -> Router:
    path = tmp_path / "profile.safetensors"
    learn_profile("sw-KE", SWAHILI).write(path)
    adapter = Installed(name="swh", version="1.0.0", language="swh", locale="sw-KE", folder=tmp_path, profile=path)
    return Router([adapter], ["en-US"], [learn_profile("en-US", ENGLISH)], sure=0.5)


def test_routed_utterances_are_lost_only_where_they_go_to_the_adapter(router):
    """The adapter reads nothing right, the base everything: English stays with the base, one Swahili text goes."""
    utterances = [said(text) for text in [*ENGLISH, SWAHILI[0]]]
    found = flips_of("en-US", utterances, system({one.text for one in utterances}), system(set()), router)
    assert found.active.lost.value == 1.0
    assert found.routed.lost.value == pytest.approx(1 / 5)
    assert [(row.n, row.n_negative) for row in found.routed.intents] == [(5, 1)]


@dataclass(frozen=True)
class _Recipe:
    publish: Publish
    evaluate: tuple = ()
    resources: object = None


def run_with(**publish):
    return SimpleNamespace(recipe=_Recipe(Publish(**publish), (Reference(dataset="massive", locale="sw-KE"),)), file=SimpleNamespace(locale="sw-KE"))


def lost(n: int, routed: int, active: int) -> LocaleFlips:
    utterances = [said(f"text {i}") for i in range(n)]
    every = {one.text for one in utterances}
    without = lambda k: {one.text for one in utterances[k:]}  # noqa: E731
    nobody = SimpleNamespace(route=lambda text: SimpleNamespace(adapter=None))
    everybody = SimpleNamespace(route=lambda text: SimpleNamespace(adapter="x"))
    active_part = flips_of("fr-FR", utterances, system(every), system(without(active)), nobody).active
    return LocaleFlips(locale="fr-FR", active=active_part, routed=flips_of("fr-FR", utterances, system(every), system(without(routed)), everybody).routed)


@pytest.mark.parametrize(("routed", "active", "passed"), [(2, 25, [True, True]), (3, 25, [False, True]), (2, 26, [True, False]), (0, 0, [True, True])])
def test_flips_have_a_limit_each(routed, active, passed):
    run = run_with(max_negative_flips=0.02, max_active_flips=0.25)
    checks = check_flips(run, [lost(100, routed, active)])
    assert [one.name for one in checks] == ["flips fr-FR, routed", "flips fr-FR, active"]
    assert [one.passed for one in checks] == passed


def test_the_languages_own_utterances_must_reach_the_adapter(router, monkeypatch):
    monkeypatch.setattr(gate, "read_test", lambda run, reference: [said(text) for text in [*SWAHILI, *ENGLISH]])
    assert not check_routing(run_with(min_routed=0.6), router).passed
    assert check_routing(run_with(min_routed=0.5), router).passed
    assert "50.0%" in check_routing(run_with(), router).found
    unguessed = Router(router.adapters, [], [])
    assert check_routing(run_with(), unguessed).passed and "locale" in check_routing(run_with(), unguessed).found


@pytest.mark.parametrize(("gain", "made", "passed"), [(0.05, "a" * 64, [True, True]), (-0.01, "a" * 64, [True, False]), (0.05, "b" * 64, [False, True])])
def test_the_report_is_of_these_bytes_and_above_the_best_control(monkeypatch, gain, made, passed):
    difference = SimpleNamespace(exact_match=Interval(value=gain, low=gain - 0.01, high=gain + 0.01))
    report = SimpleNamespace(adapter=made, best_control="gloss", differences={"gloss": difference})
    monkeypatch.setattr(gate, "first_report", lambda run: report)
    monkeypatch.setattr(gate, "hash_adapter", lambda folder: "a" * 64)
    run = SimpleNamespace(folder=Path("run"), recipe=_Recipe(Publish()))
    assert [one.passed for one in check_report(run)] == passed
    monkeypatch.setattr(gate, "first_report", lambda run: None)
    assert [one.passed for one in check_report(run)] == [False]


@pytest.mark.parametrize(("licence", "publish", "passed"), [("CC0-1.0", "auto", True), ("unknown", "auto", False), ("CC-BY-NC-4.0", "auto", False),
                                                            ("CC0-1.0", "none", False)])  # fmt: skip
def test_every_source_may_be_passed_on(monkeypatch, licence, publish, passed):
    used = Reference(path="words.tsv", format="table", licence=licence)
    monkeypatch.setattr(gate, "training_data", lambda run: [("lexicons", used)])
    assert check_licences(run_with(licence=publish)).passed is passed


def test_a_licence_is_what_all_of_them_ask_the_strictest_first():
    assert strictest(["CC0-1.0", "CC-BY-4.0", "GPL-2.0-or-later", "CC-BY-SA-3.0", "CC-BY-4.0"]) == "GPL-2.0-or-later AND CC-BY-SA-3.0 AND CC-BY-4.0"
    assert strictest(["CC0-1.0", "LicenseRef-public-domain"]) == "CC0-1.0"
    assert strictest(["CC-BY-4.0", "unknown"]).startswith("unknown")
