-- Slipped: in the period and while the deal was open, its expected close was put off from a day in the period to one beyond
-- it; and until the period was over nothing brought it back, and the deal was not closed.
CREATE MACRO open_before(deal, instant) AS coalesce(
    (SELECT arg_max(milestone, ord) FROM history h WHERE h.deal_id = deal AND h.moment < instant) < 6, false);

-- The macros read `telling t` and `history h`: what is passed to them goes by other names.
CREATE TABLE putting_off AS
SELECT w.deal_id, w.moment, w.day, TRY_CAST(w.value AS DATE) AS close_on,
    TRY_CAST(told_before(w.deal_id, w.field, w.moment, NULL) AS DATE) AS close_before
FROM turning w
WHERE w.field = 'expected_close_on' AND open_before(w.deal_id, w.moment) AND open_before(w.deal_id, just_after(w.moment));

CREATE TABLE slipping AS
WITH out AS (
    SELECT p.key, p.end_on, o.* FROM putting_off o JOIN period p ON o.day >= p.start_on AND o.day < p.end_on
        AND o.close_before >= p.start_on AND o.close_before < p.end_on AND o.close_on >= p.end_on
), lasting AS (
    SELECT * FROM out o
    WHERE NOT EXISTS (SELECT 1 FROM turning b WHERE b.deal_id = o.deal_id AND b.field = 'expected_close_on'
            AND b.moment > o.moment AND b.day < o.end_on AND coalesce(TRY_CAST(b.value AS DATE) < o.end_on, true))
        AND NOT EXISTS (SELECT 1 FROM history c WHERE c.deal_id = o.deal_id AND c.moment > o.moment
            AND local_day(c.moment) < o.end_on AND c.milestone >= 6 AND NOT open_before(c.deal_id, just_after(c.moment)))
), owned AS (
    SELECT l.*, owner_before(l.deal_id, just_after(l.moment)) AS rep_id, amount_before(l.deal_id, just_after(l.moment)) AS amount,
        d.currency
    FROM lasting l JOIN deal d ON d.id = l.deal_id
)
SELECT *, team_then(rep_id, day) AS team_id, cents(amount, rate_on(currency, day)) AS cents FROM owned;

-- What stood expected in a period when its first day was over.
CREATE TABLE expected_at_first AS
WITH begun AS (
    SELECT key, start_on, end_on, midnight(start_on + 1) AS over_at FROM period
), stood AS (
    SELECT b.*, h.deal_id, h.milestone, h.reached FROM begun b JOIN history h ON h.moment < b.over_at
    QUALIFY row_number() OVER (PARTITION BY b.key, h.deal_id ORDER BY h.ord DESC) = 1
), owned AS (
    SELECT s.*, owner_before(s.deal_id, s.over_at) AS rep_id, amount_before(s.deal_id, s.over_at) AS amount, d.currency,
        told_before(s.deal_id, 'expected_close_on', s.over_at, d.expected_close_on)::DATE AS close_on
    FROM stood s JOIN deal d ON d.id = s.deal_id WHERE s.milestone < 6
)
SELECT *, team_then(rep_id, start_on) AS team_id, cents(amount, rate_on(currency, start_on)) AS cents
FROM owned WHERE close_on >= start_on AND close_on < end_on;

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'forecast_value/slipped', key, rep_id, team_id, cents FROM slipping
UNION ALL SELECT 'forecast_value/past#came', key, rep_id, team_id, cents FROM closed WHERE is_won;

INSERT INTO facts (measure, key, rep, team, cents, grp)
SELECT 'forecast_value/past#forecast', key, rep_id, team_id, cents, reached::VARCHAR FROM expected_at_first;
