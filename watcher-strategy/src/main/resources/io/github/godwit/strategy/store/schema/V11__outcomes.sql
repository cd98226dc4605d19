-- What is kept of the migrations that host drivers reported, whoever ordered them.
CREATE TABLE outcomes (
    id BIGINT ${identity} PRIMARY KEY,
    migration_id VARCHAR(64) NOT NULL,
    happened_at BIGINT NOT NULL,
    body ${text} NOT NULL,
    UNIQUE (migration_id)
)${unicode};
CREATE INDEX outcomes_happened ON outcomes (happened_at);
