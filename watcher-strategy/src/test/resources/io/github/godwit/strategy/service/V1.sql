INSERT INTO audit_templates (uuid, name, description, goal, strategy, scope, default_parameters, created_at)
VALUES ('11111111-0000-4000-8000-000000000001', 'cool', 'Cools hot hosts', 'workload_balancing', 'hotspot_mitigation', '[]', '{"samples":1}', 1767225600000);
INSERT INTO audits (uuid, name, audit_type, state, goal, strategy, parameters, scope, auto_trigger, forced, hostname, status_message, created_at)
VALUES ('22222222-0000-4000-8000-000000000001', 'first', 'ONESHOT', 'SUCCEEDED', 'dummy', 'dummy', '{"para1":3.2,"para2":"hello"}', '[]', FALSE, FALSE, 'old', 'Two messages and a wait.', 1767225600000);
INSERT INTO action_plans (uuid, audit_uuid, strategy, state, efficacy_indicators, global_efficacy, on_failure, parallel, status_message, created_at)
VALUES ('33333333-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000001', 'dummy', 'RECOMMENDED', '[]', '[]', 'GO_ON', 1, 'Says something.', 4102444800000);
INSERT INTO actions (uuid, plan_uuid, action_type, state, parents, description, input_parameters, created_at)
VALUES ('44444444-0000-4000-8000-000000000001', '33333333-0000-4000-8000-000000000001', 'nop', 'PENDING', '[]', 'Say hello', '{"message":"hello"}', 1767225600000);
INSERT INTO actions (uuid, plan_uuid, action_type, state, parents, description, input_parameters, created_at)
VALUES ('44444444-0000-4000-8000-000000000002', '33333333-0000-4000-8000-000000000001', 'nop', 'PENDING', '["44444444-0000-4000-8000-000000000001"]', 'Say bye', '{"message":"bye"}', 1767225600000);
INSERT INTO policies (name, version, body, created_at)
VALUES ('mine', 1, '{"name":"mine","scenario":"hotspot","slos":[{"metric":"DT","threshold":300,"weight":1}],"optimize":{"TT":1}}', 1767225600000);
