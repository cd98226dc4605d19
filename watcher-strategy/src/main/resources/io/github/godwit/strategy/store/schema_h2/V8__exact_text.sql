-- H2 keeps and compares every character already; this keeps the versions of the schema in step with MariaDB and PostgreSQL.
SELECT 1;
