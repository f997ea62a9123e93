-- A deal's stages in order; one without a history stands where its record says.
CREATE TABLE history AS
WITH told AS (
    SELECT c.id, c.deal_id, c.moment, c.seq, c.is_dated, c.stage_id, s.milestone, c.owner_id
    FROM stagechange c JOIN stage s ON s.id = c.stage_id
    UNION ALL
    SELECT NULL, d.id, CASE WHEN s.milestone >= 6 THEN coalesce(d.closed_at, d.created_at, d.recorded_at)
            ELSE coalesce(d.created_at, d.recorded_at) END, 0,
        CASE WHEN s.milestone >= 6 AND d.closed_at IS NOT NULL THEN d.is_closed_dated ELSE d.is_created_dated END,
        d.stage_id, s.milestone, NULL
    FROM deal d JOIN stage s ON s.id = d.stage_id WHERE d.id NOT IN (SELECT deal_id FROM stagechange)
), ordered AS (SELECT *, row_number() OVER (ORDER BY deal_id, moment, seq, id) AS ord FROM told
), stepped AS (
    SELECT *, lag(milestone) OVER line AS milestone_before, lag(stage_id) OVER line AS stage_before FROM ordered
    WINDOW line AS (PARTITION BY deal_id ORDER BY ord)
), judged AS (
    -- Leaving a closed stage for an open one reopens; from won straight to lost, or back, corrects how the episode ended.
    SELECT *, coalesce(milestone_before >= 6 AND milestone < 6, false) AS reopens FROM stepped
), numbered AS (
    SELECT *, 1 + count(*) FILTER (WHERE reopens) OVER line AS episode,
        count(*) FILTER (WHERE reopens OR stage_before IS DISTINCT FROM stage_id) OVER line AS visit,
        -- won implies every open milestone, lost none
        max(CASE WHEN milestone < 6 THEN milestone WHEN milestone = 6 THEN 5 END) OVER line AS reached
    FROM judged WINDOW line AS (PARTITION BY deal_id ORDER BY ord)
)
SELECT *, first_value(moment) OVER stay AS entered_at, first_value(is_dated) OVER stay AS is_entered_dated
FROM numbered WINDOW stay AS (PARTITION BY deal_id, visit ORDER BY ord);

-- Owners: the deal's moves, else those the stage changes name, else the record's.
CREATE TABLE owning AS
SELECT *, row_number() OVER (ORDER BY deal_id, moment, step) AS ord FROM (
    SELECT deal_id, owner_id, from_at AS moment, 0 AS step FROM dealmove
    UNION ALL SELECT deal_id, owner_id, moment, ord FROM history
    WHERE owner_id IS NOT NULL AND deal_id NOT IN (SELECT deal_id FROM dealmove));

-- Amounts as they were known; the latest is what the record says. Kept in a struct: an unknown amount is a value, too.
CREATE TABLE valuing AS
SELECT c.deal_id, c.moment, {'amount': CASE WHEN row_number() OVER (PARTITION BY c.deal_id ORDER BY c.moment DESC) = 1 THEN d.amount
    ELSE TRY_CAST(nullif(c.value, '') AS DECIMAL(16,2)) END} AS known
FROM dealchange c JOIN deal d ON d.id = c.deal_id WHERE c.field = 'amount';

-- What held just before a moment (`owner_before`) or at it; the first value known held from the beginning.
CREATE MACRO first_owner(deal) AS coalesce((SELECT arg_min(owner_id, ord) FROM owning o WHERE o.deal_id = deal),
    (SELECT owner_id FROM deal d WHERE d.id = deal));
CREATE MACRO owner_before(deal, instant) AS coalesce(
    (SELECT arg_max(owner_id, ord) FROM owning o WHERE o.deal_id = deal AND o.moment < instant), first_owner(deal));
CREATE MACRO first_amount(deal) AS coalesce((SELECT arg_min(known, moment) FROM valuing v WHERE v.deal_id = deal),
    (SELECT {'amount': amount} FROM deal d WHERE d.id = deal)).amount;
CREATE MACRO amount_before(deal, instant) AS coalesce(
    (SELECT arg_max(known, moment) FROM valuing v WHERE v.deal_id = deal AND v.moment < instant), {'amount': first_amount(deal)}).amount;
CREATE MACRO just_after(instant) AS instant + INTERVAL 1 MICROSECOND;

-- An episode closed when it first said what it last says: won, or lost.
CREATE TABLE closing AS
WITH ends AS (
    SELECT deal_id, episode, arg_max(milestone, ord) AS final FROM history WHERE milestone >= 6 GROUP BY ALL
), others AS (
    SELECT h.deal_id, h.episode, max(h.ord) AS ord FROM history h JOIN ends e USING (deal_id, episode)
    WHERE h.milestone <> e.final GROUP BY ALL
), first_closes AS (
    SELECT h.* FROM history h LEFT JOIN others o USING (deal_id, episode)
    WHERE h.milestone >= 6 AND h.ord > coalesce(o.ord, 0)
    QUALIFY row_number() OVER (PARTITION BY h.deal_id, h.episode ORDER BY h.ord) = 1
), owned AS (
    SELECT h.deal_id, h.episode, h.milestone = 6 AS is_won, h.moment AS closed_at, local_day(h.moment) AS day, h.reached, h.is_dated,
        owner_before(h.deal_id, just_after(h.moment)) AS rep_id, amount_before(h.deal_id, just_after(h.moment)) AS amount,
        d.currency, d.created_at, d.is_created_dated
    FROM first_closes h JOIN deal d ON d.id = h.deal_id
)
SELECT *, team_then(rep_id, day) AS team_id, cents(amount, rate_on(currency, day)) AS cents,
    CASE WHEN created_at IS NULL THEN NULL
        WHEN is_dated OR is_created_dated THEN (day - local_day(created_at)) * 86400000000
        ELSE epoch_us(closed_at) - epoch_us(created_at) END AS cycle_us
FROM owned;

CREATE TABLE creating AS
WITH credited AS (
    SELECT id AS deal_id, local_day(created_at) AS day, coalesce(created_by_id, first_owner(id)) AS rep_id,
        first_amount(id) AS amount, currency
    FROM deal WHERE created_at IS NOT NULL
)
SELECT *, team_then(rep_id, day) AS team_id, cents(amount, rate_on(currency, day)) AS cents FROM credited;

-- Where each open deal stood when a period's last day was over.
CREATE TABLE standing AS
WITH stood AS (
    SELECT p.key, p.as_of, p.over_at, h.* FROM period p JOIN history h ON h.moment < p.over_at
    QUALIFY row_number() OVER (PARTITION BY p.key, h.deal_id ORDER BY h.ord DESC) = 1
), owned AS (
    SELECT s.*, owner_before(s.deal_id, s.over_at) AS rep_id, amount_before(s.deal_id, s.over_at) AS amount, d.currency, d.nda,
        d.account_id
    FROM stood s JOIN deal d ON d.id = s.deal_id WHERE s.milestone < 6
), papers AS (
    -- An NDA holds from its signature until it expires, the deal's own or its account's; asking for another changes nothing.
    SELECT o.key, o.deal_id, bool_or(f.kind = 'nda_signed') AS is_signed FROM owned o JOIN (
        SELECT deal_id, NULL AS account_id, kind, "on", 'deal' AS level FROM dealfact
        UNION ALL SELECT NULL, account_id, kind, "on", 'account' FROM accountfact
    ) f ON (f.deal_id = o.deal_id OR f.account_id = o.account_id) AND f."on" <= o.as_of AND f.kind IN ('nda_signed', 'nda_expired')
    GROUP BY o.key, o.deal_id, f.level, f."on", f.kind
    QUALIFY row_number() OVER (PARTITION BY o.key, o.deal_id, f.level ORDER BY f."on" DESC, f.kind DESC) = 1
)
SELECT o.*, team_then(o.rep_id, o.as_of) AS team_id, cents(o.amount, rate_on(o.currency, o.as_of)) AS cents,
    CASE WHEN o.is_entered_dated THEN (o.as_of - local_day(o.entered_at)) * 86400000000
        ELSE epoch_us(o.over_at) - epoch_us(o.entered_at) END AS in_stage_us,
    coalesce((SELECT bool_or(p.is_signed) FROM papers p WHERE p.key = o.key AND p.deal_id = o.deal_id), false) AS is_nda_signed,
    (SELECT count(DISTINCT department) FROM two_way t WHERE t.deal_id = o.deal_id AND t.day <= o.as_of
        AND t.day > o.as_of - setting_on('two_way_days', o.as_of)::INTEGER) AS departments
FROM owned o;

-- Visits to open stages that ended; a stage passed within one instant was not visited.
CREATE TABLE visiting AS
WITH stays AS (
    SELECT deal_id, visit, any_value(stage_id) AS stage_id, any_value(milestone) AS milestone, min(moment) AS entered_at,
        arg_min(is_dated, ord) AS is_dated FROM history GROUP BY 1, 2
), ended AS (SELECT *, lead(entered_at) OVER (PARTITION BY deal_id ORDER BY visit) AS left_at FROM stays
), owned AS (
    SELECT *, owner_before(deal_id, left_at) AS rep_id, local_day(left_at) AS day FROM ended
    WHERE milestone < 6 AND left_at > entered_at
)
SELECT *, team_then(rep_id, local_day(left_at - INTERVAL 1 MICROSECOND)) AS team_id,
    CASE WHEN is_dated THEN (day - local_day(entered_at)) * 86400000000 ELSE epoch_us(left_at) - epoch_us(entered_at) END AS us
FROM owned;
