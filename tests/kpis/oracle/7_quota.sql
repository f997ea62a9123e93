-- What the coverage of a quota is made of: the value won, and what qualified deals are expected to bring in the period.
INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'quota_coverage#won', key, rep_id, team_id, cents FROM closed WHERE is_won
UNION ALL SELECT 'quota_coverage#open', key, rep_id, team_id, cents FROM awaited WHERE reached >= 2;
