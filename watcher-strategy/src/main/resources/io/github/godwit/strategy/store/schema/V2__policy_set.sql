-- The rules on techniques for projects and aggregates.
CREATE TABLE technique_rules (
    id BIGINT ${identity} PRIMARY KEY,
    scope VARCHAR(20) NOT NULL,
    name VARCHAR(255) NOT NULL,
    allow ${text} NOT NULL,
    forbid ${text} NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (scope, name)
);

-- The policy set as it was handed to host drivers last, in one row. Version 0 is what ships.
CREATE TABLE policy_set (
    id INTEGER PRIMARY KEY,
    version BIGINT NOT NULL,
    body ${text} NOT NULL
);
INSERT INTO policy_set (id, version, body) VALUES (1, 0, '');

-- Whether the service acts, in one row.
CREATE TABLE service_switch (
    id INTEGER PRIMARY KEY,
    enabled BOOLEAN NOT NULL,
    reason ${text},
    changed_at BIGINT
);
INSERT INTO service_switch (id, enabled) VALUES (1, TRUE);
