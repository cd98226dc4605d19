-- Times are milliseconds since 1970 in UTC. "live" is 0 until a row is deleted, then its id, so that names can be used again.

CREATE TABLE audit_templates (
    id BIGINT ${identity} PRIMARY KEY,
    uuid CHAR(36) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    description VARCHAR(255),
    goal VARCHAR(63) NOT NULL,
    strategy VARCHAR(63),
    scope ${text} NOT NULL,
    default_parameters ${text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    deleted_at BIGINT,
    live BIGINT DEFAULT 0 NOT NULL,
    UNIQUE (name, live)
);

CREATE TABLE audits (
    id BIGINT ${identity} PRIMARY KEY,
    uuid CHAR(36) NOT NULL UNIQUE,
    name VARCHAR(63) NOT NULL,
    audit_type VARCHAR(20) NOT NULL,
    state VARCHAR(20) NOT NULL,
    goal VARCHAR(63) NOT NULL,
    strategy VARCHAR(63) NOT NULL,
    parameters ${text} NOT NULL,
    run_interval VARCHAR(255),
    scope ${text} NOT NULL,
    auto_trigger BOOLEAN NOT NULL,
    forced BOOLEAN NOT NULL,
    next_run_time BIGINT,
    start_time BIGINT,
    end_time BIGINT,
    hostname VARCHAR(255),
    status_message ${text},
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    deleted_at BIGINT,
    live BIGINT DEFAULT 0 NOT NULL,
    UNIQUE (name, live)
);
CREATE INDEX audits_state ON audits (state);

CREATE TABLE action_plans (
    id BIGINT ${identity} PRIMARY KEY,
    uuid CHAR(36) NOT NULL UNIQUE,
    audit_uuid CHAR(36) NOT NULL,
    strategy VARCHAR(63) NOT NULL,
    state VARCHAR(20) NOT NULL,
    efficacy_indicators ${text} NOT NULL,
    global_efficacy ${text} NOT NULL,
    on_failure VARCHAR(20) NOT NULL,
    parallel INTEGER NOT NULL,
    hostname VARCHAR(255),
    status_message ${text},
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX action_plans_audit ON action_plans (audit_uuid);
CREATE INDEX action_plans_state ON action_plans (state);

CREATE TABLE actions (
    id BIGINT ${identity} PRIMARY KEY,
    uuid CHAR(36) NOT NULL UNIQUE,
    plan_uuid CHAR(36) NOT NULL,
    action_type VARCHAR(63) NOT NULL,
    state VARCHAR(20) NOT NULL,
    parents ${text} NOT NULL,
    description ${text},
    input_parameters ${text} NOT NULL,
    status_message ${text},
    result ${text},
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX actions_plan ON actions (plan_uuid);
CREATE INDEX actions_type ON actions (action_type, state);
CREATE INDEX actions_created ON actions (created_at, id);

CREATE TABLE services (
    id BIGINT ${identity} PRIMARY KEY,
    name VARCHAR(63) NOT NULL,
    host VARCHAR(255) NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_up BIGINT NOT NULL,
    UNIQUE (name, host)
);

CREATE TABLE policies (
    id BIGINT ${identity} PRIMARY KEY,
    name VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    body ${text} NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (name, version)
);

-- The table of the library db-scheduler.
CREATE TABLE scheduled_tasks (
    task_name VARCHAR(100) NOT NULL,
    task_instance VARCHAR(100) NOT NULL,
    task_data ${bytes},
    execution_time ${instant} NOT NULL,
    picked BOOLEAN NOT NULL,
    picked_by VARCHAR(50),
    last_success ${instant} NULL,
    last_failure ${instant} NULL,
    consecutive_failures INT,
    last_heartbeat ${instant} NULL,
    version BIGINT NOT NULL,
    priority SMALLINT,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
