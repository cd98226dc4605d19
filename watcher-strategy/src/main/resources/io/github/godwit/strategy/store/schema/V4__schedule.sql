-- The schedule of a plan as a whole; each migrate action has its own part of it in its input.
ALTER TABLE action_plans ADD COLUMN schedule ${text};

-- When an action began and ended.
ALTER TABLE actions ADD COLUMN started_at BIGINT;
ALTER TABLE actions ADD COLUMN ended_at BIGINT;

-- One row, which an instance locks while it decides which migrations begin.
CREATE TABLE migration_budget (
    id INTEGER PRIMARY KEY,
    taken BIGINT NOT NULL
);
INSERT INTO migration_budget (id, taken) VALUES (1, 0);
