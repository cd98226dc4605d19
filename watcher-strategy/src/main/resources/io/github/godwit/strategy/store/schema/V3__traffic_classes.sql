-- The operator's changes of traffic classes. "project" is empty for the class itself, else the project that has bounds of its own.
CREATE TABLE traffic_classes (
    id BIGINT ${identity} PRIMARY KEY,
    name VARCHAR(63) NOT NULL,
    project VARCHAR(255) NOT NULL,
    version INTEGER NOT NULL,
    body ${text} NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (name, project, version)
);
