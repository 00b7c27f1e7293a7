"""Manage → EmailHub rules: the list and its flags, the editor, the test bench and the dry run."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Membership
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.desk.segments import create_segment
from emailhub.hub.models import InboundRule
from emailhub.hub.rules import RuleForm, create_rule, rules_of
from emailhub.intake.models import ReceivedMessage
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, MALLORY, Cast
from tests.letters import letter
from tests.post import receive

from .conftest import SignIn

PUMPS = {
    "name": "Pumps",
    "enabled": "on",
    "match": "any",
    "field-0": "subject",
    "operator-0": "contains",
    "values-0": "pump\nfuga\n\npump",
    "field-3": "has_attachment",
    "operator-3": "is",
    "values-3": "yes",
    "action": "create_new",
    "also_replies": "on",
}


def subject_has(word: str) -> tuple[Condition, ...]:
    return (Condition(Field.SUBJECT, Operator.CONTAINS, (word,)),)


def add_rule(cast: Cast, name: str, word: str, action: Action = Action.IGNORE, **more: int) -> InboundRule:
    form = RuleForm(name=name, conditions=subject_has(word), action=action, **more)
    with company(cast.dealer.id):
        return create_rule(cast.service, form, by=cast.ana, now=timezone.now())


def url(cast: Cast, rest: str = "") -> str:
    return f"/manage/teams/{cast.service.id}/rules/{rest}"


def names(cast: Cast) -> list[str]:
    with company(cast.dealer.id):
        return [rule.name for rule in rules_of(cast.service)]


def test_a_rule_is_stored_as_the_form_says_and_put_on_top(ana: Client, cast: Cast) -> None:
    add_rule(cast, "Older", "tractor")
    page = ana.post(url(cast, "new/"), PUMPS, follow=True).content.decode()
    assert "It is on top: it is read first" in page
    assert names(cast) == ["Pumps", "Older"]
    with company(cast.dealer.id):
        rule = InboundRule.objects.get(name="Pumps")
    assert rule.read_conditions() == (
        Condition(Field.SUBJECT, Operator.CONTAINS, ("pump", "fuga")),
        Condition(Field.HAS_ATTACHMENT, Operator.IS, ("yes",)),
    )
    assert (rule.match_all, rule.also_replies, rule.action) == (False, True, "create_new")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Give the rule a name"),
        ({"values-0": "  \n "}, "a value to each"),
        ({"action": "route_to_team", "to_team": "999999"}, "Choose a team with EmailHub"),
        ({"field-0": "received_at", "values-0": "other@inbox.example"}, "is no address of this team"),
    ],
)
def test_a_refused_rule_stays_in_the_editor_with_the_reason(
    ana: Client, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = ana.post(url(cast, "new/"), PUMPS | changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'name="field-1"' in page  # its second condition
    assert names(cast) == []


def test_a_condition_more_or_less_keeps_what_was_typed_and_stores_nothing(ana: Client, cast: Cast) -> None:
    more = ana.post(url(cast, "editor/"), PUMPS | {"add": "1"}).content.decode()
    assert more.count("data-values") + more.count('class="values offered"') == 3
    assert 'value="Pumps"' in more
    less = ana.post(url(cast, "editor/"), PUMPS | {"remove": "0"}).content.decode()
    assert "fuga" not in less
    assert 'value="yes" checked' in less
    assert names(cast) == []


def test_another_field_brings_the_choices_that_fit_it(ana: Client, cast: Cast) -> None:
    page = ana.post(url(cast, "editor/"), PUMPS | {"field-0": "received_at"}).content.decode()
    assert f'type="checkbox" name="values-0" value="{cast.service_address}"' in page
    assert cast.parts_address not in page


def test_rules_change_places_and_the_page_says_where_they_are(ana: Client, cast: Cast) -> None:
    for name in ("Third", "Second", "First"):
        rule = add_rule(cast, name, name)
    page = ana.post(url(cast, f"{rule.pk}/position/"), {"to": "2"}, follow=True).content.decode()
    assert "“First” is number 3 now" in page
    assert names(cast) == ["Second", "Third", "First"]


def test_a_deleted_rule_comes_back_to_its_place(ana: Client, cast: Cast) -> None:
    for name in ("Third", "Second", "First"):
        add_rule(cast, name, name)
    with company(cast.dealer.id):
        second = InboundRule.objects.get(name="Second")
    page = ana.post(url(cast, f"{second.pk}/"), {"_method": "DELETE"}, follow=True).content.decode()
    assert names(cast) == ["First", "Third"]
    assert url(cast, "restored/") in page
    ana.post(url(cast, "restored/"))
    assert names(cast) == ["First", "Second", "Third"]
    assert "nothing to bring back" in ana.post(url(cast, "restored/"), follow=True).content.decode()


def test_a_rule_that_another_takes_everything_from_is_flagged_with_its_remedy(
    ana: Client, cast: Cast
) -> None:
    lower = add_rule(cast, "Urgent", "urgent order", Action.CREATE_NEW)
    add_rule(cast, "Orders", "order")
    page = ana.get(url(cast)).content.decode()
    assert "It never acts: rule 1 takes all of its emails." in page
    assert f'id="up-{lower.pk}"' in page


def test_a_rule_of_an_advisor_who_left_is_flagged_as_broken(ana: Client, cast: Cast) -> None:
    add_rule(cast, "To Ben", "pump", Action.ROUTE_TO_ADVISOR, to_advisor_id=cast.ben.pk)
    with company(cast.dealer.id):
        Membership.objects.filter(advisor=cast.ben).delete()
    assert "Broken: nobody is there" in ana.get(url(cast)).content.decode()


def test_hits_are_counted_and_dated(ana: Client, cast: Cast) -> None:
    add_rule(cast, "Offers", "offer")
    for _ in range(2):
        receive(cast.dealer.id, letter(MALLORY, subject="Your offer"))
    page = ana.get(url(cast)).content.decode()
    assert '<span class="hits">2 · <time' in page


def test_the_bench_tells_what_would_become_of_a_described_mail_and_changes_nothing(
    ana: Client, cast: Cast
) -> None:
    add_rule(cast, "Leaks", "fuga", Action.ROUTE_TO_ADVISOR, to_advisor_id=cast.ben.pk)
    page = ana.post(
        url(cast, "bench/"), {"sender": MALLORY, "subject": "¡FÚGA!", "text": ""}
    ).content.decode()
    assert "Rule 1, Leaks" in page
    assert "New ticket in Service, Ben" in page
    assert "Subject contains “fuga”" in page
    with company(cast.dealer.id):
        assert not ReceivedMessage.objects.exists()
        assert not Ticket.objects.exists()


def test_the_bench_takes_a_dropped_mail_file(ana: Client, cast: Cast) -> None:
    add_rule(cast, "Leaks", "leak")
    file = BytesIO(letter(CARLA, subject="It leaks"))
    file.name = "mail.eml"
    page = ana.post(url(cast, "bench/"), {"file": file}).content.decode()
    assert "Rule 1, Leaks" in page


def test_the_bench_tries_a_received_mail_on_the_rules_of_today(ana: Client, cast: Cast) -> None:
    row = receive(cast.dealer.id, letter(MALLORY, subject="It leaks"))
    offered = ana.get(url(cast, "bench/"), {"q": "leaks"}).content.decode()
    assert f'name="received" value="{row.pk}"' in offered
    assert "No email holds these words." in ana.get(url(cast, "bench/"), {"q": "tractor"}).content.decode()
    add_rule(cast, "Leaks", "leak")
    page = ana.post(url(cast, "bench/"), {"received": str(row.pk)}).content.decode()
    assert "Rule 1, Leaks" in page


def test_another_team_s_mail_is_not_for_the_bench(ana: Client, cast: Cast) -> None:
    row = receive(cast.dealer.id, letter(MALLORY, subject="Secret"), cast.parts_address)
    assert b"Secret" not in ana.get(url(cast, "bench/")).content
    assert ana.post(url(cast, "bench/"), {"received": str(row.pk)}).status_code == 404


def test_nobody_is_no_sender(ana: Client, cast: Cast) -> None:
    page = ana.post(url(cast, "bench/"), {"sender": "nobody", "subject": "x"}).content.decode()
    assert "Say who writes" in page


def test_a_dry_run_lists_what_would_have_gone_elsewhere_and_draws_it(ana: Client, cast: Cast) -> None:
    receive(cast.dealer.id, letter(MALLORY, subject="The pump leaks"))
    receive(cast.dealer.id, letter(CARLA, subject="A tractor"))
    page = ana.post(
        url(cast, "dry-run/"),
        PUMPS
        | {
            "match": "all",
            "field-3": "subject",
            "values-3": "leak",
            "operator-3": "contains",
            "action": "ignore",
        },
    ).content.decode()
    assert "Of 2 emails this rule would have matched 1, and 1 would have gone elsewhere." in page
    assert "New ticket in Service, unassigned" in page
    assert page.count('class="hit"') == 2  # a bar, and its legend
    assert names(cast) == []


def test_a_dry_run_of_a_rule_that_cannot_be_says_why(ana: Client, cast: Cast) -> None:
    answer = ana.post(url(cast, "dry-run/"), {"name": "x", "action": "ignore"})
    assert answer.status_code == 422
    assert b"Add at least one condition" in answer.content


def test_advisors_of_the_team_read_rules_without_a_button(cast: Cast, sign_in: SignIn) -> None:
    rule = add_rule(cast, "Leaks", "leak")
    page = sign_in(cast.ben).get(url(cast, f"{rule.pk}/")).content.decode()
    assert "Leaks" in page
    assert "Save rule" not in page
    assert "data-grip" not in page


def test_only_an_empty_editor_takes_the_focus(ana: Client, cast: Cast) -> None:
    """Else it would be taken from the field that was just changed."""
    assert "autofocus" in ana.get(url(cast, "new/")).content.decode()
    assert "autofocus" not in ana.post(url(cast, "editor/"), PUMPS).content.decode()


def test_segments_are_chosen_and_where_there_are_none_the_editor_says_so(ana: Client, cast: Cast) -> None:
    of_segment = PUMPS | {"field-0": "segment", "values-0": ""}
    assert "There are none yet." in ana.post(url(cast, "editor/"), of_segment).content.decode()
    with company(cast.dealer.id):
        segment = create_segment(cast.dealer, "Harvesters", by=cast.ana)
    page = ana.post(url(cast, "editor/"), of_segment | {"values-0": str(segment.pk)}).content.decode()
    assert f'name="values-0" value="{segment.pk}" checked' in page
