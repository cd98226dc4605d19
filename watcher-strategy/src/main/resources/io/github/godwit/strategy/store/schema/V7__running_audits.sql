-- The instance on which a run of an audit goes on. Between runs there is none.
ALTER TABLE audits ADD COLUMN run_by VARCHAR(255);
