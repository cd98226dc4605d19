-- What is old is looked for every minute.
CREATE INDEX action_plans_created ON action_plans (created_at);
CREATE INDEX audits_created ON audits (created_at);

-- Audits look for the latest moves, however many there were before.
CREATE INDEX actions_ended ON actions (ended_at);

-- They are counted by state each time that Prometheus asks.
CREATE INDEX action_plans_counted ON action_plans (state, deleted_at);
CREATE INDEX audits_counted ON audits (state, deleted_at);

-- Each step of a plan asks what waits for a place. Most pending actions are those of plans that nobody started.
CREATE INDEX actions_queued ON actions (queued, state);
