'use strict';

// The switch of the service and the policies. Uses the functions of godwit.js.

// The limits of texts are those of the API.
async function limitOf(schema) {
  return (await call('GET', '/godwit/v1/openapi.json')).components.schemas[schema].maxLength;
}

async function setSwitch(enabled) {
  const reason = enabled ? null : window.prompt('Why is the service switched off?');
  const most = reason ? await limitOf('switch_reason') : 0;
  if (reason && reason.length > most) throw new Error(`The reason has ${reason.length} characters; at most ${most} are allowed.`);
  if (enabled || reason) await call('PUT', '/godwit/v1/switch', enabled ? {enabled} : {enabled, reason});
}

async function serviceSwitch() {
  const now = await call('GET', '/godwit/v1/switch');
  observes.service = now.observe;
  showObserves();
  const text = now.enabled ? 'On. ' : `Off since ${time(now.changed_at)}: ${now.reason} `;
  fill(byId('switch'), text,
    actionButton(now.enabled ? 'Switch off' : 'Switch on', !now.enabled, 'the service', () => setSwitch(!now.enabled)));
}

function terms(allow, forbid, postcopy, eviction) {
  return [allow && allow.length ? 'only ' + allow.join(', ') : '', forbid && forbid.length ? 'not ' + forbid.join(', ') : '',
    postcopy ? 'post-copy ' + postcopy.replace('_', ' ') : '', eviction ? 'TT until the source is free' : ''].filter(text => text).join('; ') || 'all';
}

async function policies() {
  const [answer, rules] = await Promise.all([call('GET', '/godwit/v1/policies'), call('GET', '/godwit/v1/technique_rules')]);
  const rows = answer.policies.map(policy => [policy.name, policy.version || 'as shipped',
    terms(policy.allow_techniques, policy.forbid_techniques, policy.postcopy, policy.eviction)]);
  rules.technique_rules.forEach(rule => rows.push([`${rule.scope} ${rule.name}`, '', terms(rule.allow, rule.forbid)]));
  otherPolicies(answer.policies.map(policy => policy.name));
  fill(byId('policies'), table(['Policy or rule', 'Version', 'Techniques'], rows));
  byId('policies-missing').textContent = answer.hosts_without.map(each => `${each.what} lacks these policies. ${each.reason}`).join(' ');
}

refreshers.push(serviceSwitch, policies);
