-- What is old is looked for every minute.
CREATE INDEX action_plans_created ON action_plans (created_at);
CREATE INDEX audits_created ON audits (created_at);
