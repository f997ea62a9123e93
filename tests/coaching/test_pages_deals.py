"""The deals' pages: what asks for work first, groups in the address, the ledger with its dated rows, the people's map."""

import re

import pytest

from kpis.recompute import drain
from pipeline.models import Activity, DealContact

pytestmark = pytest.mark.django_db


def page(world, who: str, url: str, **query) -> str:
    response = world.signed_in(who).get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def fragments(text: str) -> tuple[set[str], set[str]]:
    """Places linked to within the page, and places there are."""
    return set(re.findall(r'href="#([\w-]+-\d+)"', text)), set(re.findall(r' id="([\w-]+)"', text))


def test_the_groups_part_the_open_deals_and_stand_in_the_address(world):
    everything = world.signed_in("maya").get("/deals/").context["page"]
    counts = {group: n for group, _label, n in everything.choices}
    assert counts[""] == everything.count == counts["more"] + counts["fine"] + counts["less"]
    for group in ("more", "fine", "less"):
        found = world.signed_in("maya").get("/deals/", {"attention": group}).context["page"]
        assert found.count == counts[group]
        assert {attention.group for _deal, attention in found.deals} <= {group}


def test_the_filter_keeps_the_group_and_the_groups_keep_the_filter(world):
    text = page(world, "maya", "/deals/", attention="more", q="Retrofit")
    assert '<input type="hidden" name="attention" value="more"' in text
    assert re.search(r'href="\?q=Retrofit&amp;attention=less"|href="\?attention=less&amp;q=Retrofit"', text)


def test_a_group_nobody_offers_is_refused_and_all_are_shown(world):
    assert "a value that is not offered" in page(world, "maya", "/deals/", attention="panic")


def test_a_deals_row_says_how_many_ask_and_what_to_do(world):
    found = world.signed_in("maya").get("/deals/", {"q": "Retrofit"}).context["page"].deals[0][1]
    text = page(world, "maya", "/deals/", q="Retrofit")
    assert f"<b>{found.needs}</b>" in text
    assert found.next_step in text
    assert all(check.word in text for check in found.ledger)


def test_rep_and_deals_page_show_the_same_row(world):
    row = re.compile(r"<tr>\s*<th scope=\"row\"><a href=\"/deals/\d+/\">Retrofit line 2.*?</tr>", re.DOTALL)
    own, listed = (row.search(page(world, "ada", url))[0] for url in ("/me/", "/deals/"))
    assert own.split() == listed.replace("<td>Ada</td>", "").split()


def test_the_deals_page_starts_with_what_to_do_next_and_names_the_sum(world):
    text = page(world, "ada", f"/deals/{world.open_deal.pk}/")
    attention = world.signed_in("ada").get(f"/deals/{world.open_deal.pk}/").context["page"].attention
    assert text.index("What to do next") < text.index("Six checks")
    assert attention.needs > 1
    assert f"{attention.needs} things ask for work: " in text
    assert attention.against_won in text


def test_every_dated_row_leads_to_a_place_on_the_page(world):
    """Scope and pricing are facts; the mail answered, the meeting with an executive and the talk are activities."""
    chief = world.people[2]
    world.mail(world.ada, world.ago(9), chief, deal=world.open_deal)
    world.answer(world.ada, world.ago(8), chief, deal=world.open_deal, subject="Re: offer")
    world.meeting(world.ada, world.ago(7), chief, deal=world.open_deal, subject="Site visit")
    drain()
    links, places = fragments(page(world, "ada", f"/deals/{world.open_deal.pk}/"))
    assert len(links) == 4
    assert links <= places


def test_what_a_check_rests_on_is_shown_however_long_ago(world):
    chief = world.people[2]
    old = world.meeting(world.ada, world.ago(40), chief, deal=world.open_deal, subject="Site visit")
    for n in range(65):
        world.mail(world.ada, world.ago(5, f"10:{n % 60:02}"), world.people[1], deal=world.open_deal)
    drain()
    links, places = fragments(page(world, "ada", f"/deals/{world.open_deal.pk}/"))
    assert f"activity-{old.pk}" in links & places


def test_an_answer_that_stands_on_no_deal_is_named_without_a_link(world):
    world.mail(world.ada, world.ago(9), world.people[2], deal=world.open_deal)
    world.answer(world.ada, world.ago(8), world.people[2])
    drain()
    text = page(world, "ada", f"/deals/{world.open_deal.pk}/")
    links, places = fragments(text)
    assert "Person 2 answered" in text
    assert links <= places


def test_the_map_draws_everybody_with_their_claimed_standing_and_says_the_same_as_a_table(world):
    people = world.people[:3]
    for person in people[1:]:
        DealContact.objects.create(deal=world.open_deal, contact=person)
    world.rated(people[0], 2, world.ago(10)[:10])
    world.rated(people[1], -1, world.ago(10)[:10])
    world.rated(people[2], 3, world.ago(120)[:10])
    text = page(world, "ada", f"/deals/{world.open_deal.pk}/")
    assert 'class="people-map"' in text
    assert [text.count(f"<title>{person.name}</title>") for person in people] == [1, 1, 1]
    for said in ("+2", "−1", "+3, old"):
        assert said in text


def test_a_persons_ring_and_date_come_from_two_way_touches_on_this_deal(world):
    world.answer(world.ada, world.ago(3), world.people[0], deal=world.open_deal)
    world.call(world.ada, world.ago(1), world.people[1], outcome="no_answer", deal=world.open_deal)
    drain()
    people = world.signed_in("ada").get(f"/deals/{world.open_deal.pk}/").context["page"].people.people
    talking = {person.contact.name: person.is_talking for person in people}
    assert talking == {"Person 0": True, "Person 1": False}


def test_names_and_departments_are_shown_as_text(world):
    world.people[0].__class__.objects.filter(pk=world.people[0].pk).update(
        name="<b>Bold</b> Bo", department="<script>x</script>"
    )
    text = page(world, "ada", f"/deals/{world.open_deal.pk}/")
    assert "<script>x" not in text
    assert "&lt;b&gt;Bold&lt;/b&gt; Bo" in text


def test_a_closed_deal_has_no_checks_and_nothing_to_do(world):
    closed = world.ada.deals.exclude(closed_at=None).first()
    text = page(world, "ada", f"/deals/{closed.pk}/")
    assert "Six checks" not in text
    assert "What to do next" not in text


def test_the_number_of_queries_does_not_grow(world, django_assert_max_num_queries):
    client = world.signed_in("maya")
    world.more_open_deals(15)
    client.get("/deals/")
    with django_assert_max_num_queries(32):
        assert client.get("/deals/").status_code == 200
    for n in range(20):
        world.mail(world.ada, world.ago(3), world.people[n % 12], deal=world.open_deal)
    drain()
    assert Activity.objects.filter(deal=world.open_deal).count() == 20
    with django_assert_max_num_queries(52):
        assert client.get(f"/deals/{world.open_deal.pk}/").status_code == 200
