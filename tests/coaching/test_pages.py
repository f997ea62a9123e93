"""The pages show what was measured, to whom it concerns, and say how they got there."""

import csv
import re

import pytest
from django.urls import reverse

from coaching.figures import figure
from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.periods import Calendar
from kpis.readings import read
from kpis.recompute import drain
from kpis.subjects import Subject
from pipeline.models import Contact, Deal, Rep, Team

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return b"".join(response).decode() if response.streaming else response.content.decode()


def kpi_page(world, rep, key, **query) -> str:
    return text_of(world.signed_in("maya").get(reverse("rep_kpi", args=[rep.pk, key]), query))


def test_everyone_starts_where_their_work_is(world):
    assert world.signed_in("ada").get("/").url == "/me/"
    assert world.signed_in("ivo").get("/").url == "/organisation/"
    assert "<h1>North</h1>" in text_of(world.signed_in("maya").get("/"))


def test_a_manager_of_two_teams_chooses_one_and_subteams_need_no_choosing(world):
    Team.objects.filter(name="South").update(manager=world.maya)
    client = world.signed_in("maya")
    assert client.get("/").url == "/teams/"
    assert "South" in text_of(client.get("/teams/"))


def test_a_sign_in_without_a_rep_is_told_whom_to_ask(world):
    Rep.objects.filter(name="Cleo").update(account_user=None)
    assert "not tied to a rep" in text_of(world.signed_in("cleo").get("/"))


def test_scorecard_and_evidence_show_the_reading_of_every_kpi(world):
    period, subject = Calendar.current().parse("last-30"), Subject.rep(world.ada.pk)
    card = read([subject], [period])[subject, "last-30"]
    scorecard = text_of(world.signed_in("ada").get("/me/"))
    for key, kpi in CATALOGUE.items():
        value = figure(card[key].value, kpi.unit, "EUR")
        row = re.search(rf'data-kpi="{key}".*?<span class="val">(.*?)</span>', scorecard, re.DOTALL)
        assert row[1] == value, key
        page = kpi_page(world, world.ada, key)
        assert re.search(r"data-value>(.*?)<", page)[1] == value, key
        assert re.search(rf"\b{evidence(kpi, subject, period).count} rows? counted", page), key


def test_rep_and_manager_see_the_same_figures(world):
    def values(client):
        return re.findall(r'<span class="val">(.*?)</span>', text_of(client.get(f"/reps/{world.ada.pk}/")))

    assert values(world.signed_in("ada")) == values(world.signed_in("maya"))


def test_the_team_table_has_a_line_for_every_rep_of_the_subtree_and_none_for_others(world):
    page = text_of(world.signed_in("maya").get("/"))
    for name in ("Ada", "Ben", "Cleo", "Dario"):
        assert f">{name}</a>" in page
    assert "Olga" not in page


def test_standing_is_said_in_words_not_in_colour_alone(world):
    page = text_of(world.signed_in("maya").get("/"))
    assert re.search(r'class="standing off"><svg.*?</svg>off track', page)
    assert re.search(r'class="standing good"><svg.*?</svg>on track', page)


def test_paging_shows_every_row_once_and_keeps_its_place_when_rows_arrive(world):
    client, seen = world.signed_in("ada"), []
    url = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    after = ""
    for page in range(10):
        text = text_of(
            client.get(url, {"after": after}, headers={"HX-Request": "true", "HX-Target": "more-rows"})
        )
        assert "<html" not in text
        seen += re.findall(r"call \d+ of Ada", text)
        found = re.search(r"after=([\w-]+)", text)
        if not found:
            break
        after = found[1]
        if page == 0:
            world.call(world.ada, world.ago(0, "00:01"), subject="call 999 of Ada")
            drain()
    assert page > 0
    assert sorted(seen) == sorted(f"call {n} of Ada" for n in range(60))


def test_a_made_up_mark_of_a_page_is_refused(world):
    url = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    for mark in ("%%%", "W10", "WyJub3QgYSBkYXkiLCAxXQ", "bnVsbA"):
        assert world.signed_in("ada").get(url, {"after": mark}).status_code == 400


def test_rows_left_out_are_listed_with_their_reason(world):
    world.mail(world.ada, world.ago(3), world.people[0], outcome="bounced", subject="returned to sender")
    drain()
    page = kpi_page(world, world.ada, "emails_sent")
    assert "1 left out: bounced" in page
    number = re.search(r'left_out=(\d+)"[^>]*>1 left out: bounced', page)[1]
    assert "returned to sender" in kpi_page(world, world.ada, "emails_sent", left_out=number)
    assert "returned to sender" not in page


def test_every_kpi_lists_its_rows_left_out_and_writes_them_all_as_csv(world):
    world.call(world.ada, world.ago(1))  # to nobody: a touch without a company
    for reply in ("first", "again"):
        world.mail(world.ada, world.ago(4), world.people[0], provider_id="<logged twice>", subject=reply)
    drain()
    client, period = world.signed_in("maya"), Calendar.current().parse("last-30")
    for key, kpi in CATALOGUE.items():
        url, rows = (
            reverse("rep_kpi", args=[world.ada.pk, key]),
            evidence(kpi, Subject.rep(world.ada.pk), period),
        )
        for number, (reason, queryset) in enumerate(rows.left_out):
            page = text_of(client.get(url, {"left_out": number}))
            if count := queryset.count():
                assert f"{count} left out: {reason}" in page
        lines = text_of(client.get(url, {"format": "csv"})).splitlines()
        beside = sum(other.rows.count() for other in rows.others if not other.is_counted)
        left_out = sum(queryset.count() for _reason, queryset in rows.left_out)
        assert len(lines) == 1 + rows.count + beside + left_out
        for number, other in enumerate(rows.others):
            assert client.get(url, {"other": number}).status_code == 200
            assert f"{other.rows.count()} " in text_of(client.get(url, {"other": number}))


def test_rows_open_the_deals_one_may_see(world):
    page = text_of(world.signed_in("ada").get(reverse("rep_kpi", args=[world.ada.pk, "prospects_open"])))
    assert f'<a href="/deals/{world.open_deal.pk}/">Retrofit line 2</a>' in page
    Deal.objects.filter(pk=world.open_deal.pk).update(owner=world.olga)
    page = text_of(world.signed_in("ada").get(reverse("rep_kpi", args=[world.ada.pk, "prospects_open"])))
    assert f'href="/deals/{world.open_deal.pk}/"' not in page


def test_the_filter_narrows_the_rows(world):
    page = kpi_page(world, world.ada, "calls_made", q="call 17 of")
    assert re.findall(r"call \d+ of Ada", page) == ["call 17 of Ada"]


def test_the_csv_holds_every_row_and_acts_in_no_spreadsheet(world):
    world.call(world.ada, world.ago(1), subject='=HYPERLINK("x")')
    drain()
    url = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    lines = list(csv.reader(text_of(world.signed_in("ada").get(url, {"format": "csv"})).splitlines()))
    counted = [line for line in lines[1:] if line[0] == "counted"]
    assert len(counted) == 61
    assert any("'=HYPERLINK" in cell for line in counted for cell in line)
    assert not any(cell.startswith("=") for line in lines for cell in line)


def test_an_unreadable_period_is_said_and_the_usual_one_shown(world):
    page = text_of(world.signed_in("ada").get("/me/", {"period": "soon"}))
    assert "is no period" in page
    assert "last 30 days" in page


def test_days_chosen_in_the_picker_are_both_included(world):
    first, last = world.ago(3)[:10], world.ago(1)[:10]
    page = kpi_page(world, world.ada, "calls_made", **{"from": first, "to": last})
    expected = sum(1 for n in range(60) if 1 <= 1 + n % 28 <= 3)
    assert re.search(r"data-value>(.*?)<", page)[1] == str(expected)


def test_a_rep_sees_no_name_of_a_team_mate_beside_their_number(world):
    own = text_of(world.signed_in("ada").get(reverse("rep_kpi", args=[world.ada.pk, "calls_made"])))
    assert "Ben" not in own
    assert "Ben" in kpi_page(world, world.ada, "calls_made")


def test_a_median_appears_once_five_people_stand_behind_it(world):
    url = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    assert "Median" not in text_of(world.signed_in("ada").get(url))
    for name in ("Elif", "Finn"):
        world.call(world.rep(name, world.north), world.ago(4))
    drain()
    # Ada 60, Ben 24, Cleo 6, Dario 0, Elif 1, Finn 1: the median of 0 1 1 6 24 60 is 3.5; Dario is Coast's.
    assert "Median" in text_of(world.signed_in("ada").get(url))


def test_markup_in_names_is_shown_as_text_on_every_page(world):
    evil = "<script>alert('x')</script>"
    Rep.objects.filter(pk=world.ada.pk).update(name=evil)
    Contact.objects.update(name=evil)
    Deal.objects.filter(pk=world.open_deal.pk).update(name=evil, next_step=evil)
    world.call(world.ada, world.ago(1), deal=world.open_deal, subject=evil)
    drain()
    client = world.signed_in("maya")
    for url in ("/", f"/reps/{world.ada.pk}/", "/deals/", f"/deals/{world.open_deal.pk}/",
                f"/accounts/{world.brenta.pk}/", reverse("rep_kpi", args=[world.ada.pk, "calls_made"])):  # fmt: skip
        page = text_of(client.get(url))
        assert "<script>alert" not in page
        assert "alert" in page


def test_the_rows_on_both_sides_of_a_ratio_can_be_picked(world):
    """Ada won 4 deals; the people she reached by phone are the counted rows, the deals the others."""
    url = reverse("rep_kpi", args=[world.ada.pk, "close_rate"])
    client = world.signed_in("ada")
    assert "4 deals closed" in text_of(client.get(url))
    others = client.get(url, {"other": 0})
    assert {row.cells[1][0] for row in others.context["listed"]} == {f"Deal {n}" for n in range(1, 5)}
    assert client.get(url, {"other": 1}).status_code == 404


def test_a_figure_by_group_stands_in_a_table_and_on_no_card(world):
    """Ada's first attempts on the twelve people: by phone where the call came first, else by mail."""
    page = (
        world.signed_in("ada").get(reverse("rep_kpi", args=[world.ada.pk, "first_attempts"])).context["page"]
    )
    ((labels, rows),) = page.groups
    assert len(labels) == 1
    assert sum(int(values[0]) for _name, values in rows) == page.line.value
    assert not any("{" in sentence for sentence in page.line.sentences)


def test_the_glossary_names_settings_sources_and_what_is_left_out(world):
    page = re.sub(r"<[^>]+>", "", text_of(world.signed_in("ada").get("/kpis/")))
    assert "reply window: 14 days" in page
    assert "mails sent against replies received" in page
    assert "logged twice, internal only" in page


def test_the_glossary_explains_every_kpi(world):
    page = text_of(world.signed_in("ada").get("/kpis/"))
    for kpi in CATALOGUE.values():
        assert f'id="{kpi.key}"' in page
