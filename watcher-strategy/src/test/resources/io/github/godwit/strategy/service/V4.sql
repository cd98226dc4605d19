INSERT INTO audits (uuid, name, audit_type, state, goal, strategy, parameters, scope, auto_trigger, forced, hostname, status_message, created_at)
VALUES ('22222222-0000-4000-8000-000000000001', 'first', 'ONESHOT', 'SUCCEEDED', 'dummy', 'dummy', '{"para1":3.2,"para2":"hello"}', '[]', TRUE, FALSE, 'old', 'Two messages.', 1767225600000);
INSERT INTO action_plans (uuid, audit_uuid, strategy, state, efficacy_indicators, global_efficacy, on_failure, parallel, hostname, status_message, created_at)
VALUES ('33333333-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000001', 'dummy', 'ONGOING', '[]', '[]', 'GO_ON', 1, 'old', 'Says something.', 1767225600000);
INSERT INTO actions (uuid, plan_uuid, action_type, state, parents, description, input_parameters, created_at, started_at)
VALUES ('44444444-0000-4000-8000-000000000001', '33333333-0000-4000-8000-000000000001', 'nop', 'ONGOING', '[]', 'Say hello', '{"message":"hello"}', 1767225600000, 1767225600000);
INSERT INTO actions (uuid, plan_uuid, action_type, state, parents, description, input_parameters, created_at)
VALUES ('44444444-0000-4000-8000-000000000002', '33333333-0000-4000-8000-000000000001', 'nop', 'PENDING', '["44444444-0000-4000-8000-000000000001"]', 'Say bye', '{"message":"bye"}', 1767225600000);
