-- Since when an action could begin but for what it waits for, and whether that is a place in the budget of migrations.
ALTER TABLE actions ADD COLUMN ready_at BIGINT;
ALTER TABLE actions ADD COLUMN queued BOOLEAN DEFAULT FALSE NOT NULL;

-- The instance that runs an action, until its plan has taken note of its end; whether another one ran it before.
ALTER TABLE actions ADD COLUMN run_by VARCHAR(255);
ALTER TABLE actions ADD COLUMN taken_over BOOLEAN DEFAULT FALSE NOT NULL;

-- Since when a migration is in transfer, if it is: the next one of its host can then be ordered from Nova, which queues it.
ALTER TABLE actions ADD COLUMN transfers_since BIGINT;
CREATE INDEX actions_state ON actions (state);
