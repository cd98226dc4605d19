-- What the schedule of a plan was made from, so that what is left can be scheduled again from the same.
ALTER TABLE action_plans ADD COLUMN schedule_facts ${text};
