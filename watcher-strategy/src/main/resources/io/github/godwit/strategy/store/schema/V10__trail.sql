-- The audit trail. Lines are only added, and removed when they are old. A line without a request was written by the service itself.
CREATE TABLE trail (
    id BIGINT ${identity} PRIMARY KEY,
    uuid CHAR(36) NOT NULL UNIQUE,
    event_time BIGINT NOT NULL,
    action VARCHAR(63) NOT NULL,
    succeeded BOOLEAN NOT NULL,
    target_type VARCHAR(63) NOT NULL,
    target_id VARCHAR(512),
    user_id VARCHAR(255),
    user_name VARCHAR(255) NOT NULL,
    project_id VARCHAR(255),
    roles ${text} NOT NULL,
    address VARCHAR(63),
    request_id VARCHAR(63),
    path VARCHAR(1000),
    status INTEGER NOT NULL,
    audit_uuid CHAR(36),
    instance VARCHAR(255) NOT NULL
)${unicode};
CREATE INDEX trail_time ON trail (event_time);
CREATE INDEX trail_target ON trail (target_id);
CREATE INDEX trail_user ON trail (user_name);
