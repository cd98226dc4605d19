'use strict';

// The page for operators, on top of the REST API and the event stream. Data is never interpreted as HTML.

const TOKEN = 'godwit-token';
const METRICS = [['TT', 's', v => (v / 1000).toFixed(1)], ['DT', 'ms', v => v.toFixed(0)], ['TD', 'MB', v => v.toFixed(0)],
  ['PERF', '', v => v.toFixed(2)], ['CPU', '%', v => v.toFixed(0)], ['MEM', 'MB', v => v.toFixed(0)]];
const HOT = 0.75;
const WARM = 0.6;
let shownPlan = null;
let planShown = null;
const observes = {service: false, hosts: []};
const progress = new Map();

const byId = id => document.getElementById(id);

function element(tag, attributes, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'class') created.className = value;
    else if (name.startsWith('on')) created.addEventListener(name.slice(2), value);
    else created.setAttribute(name, value);
  }
  created.append(...children.map(child => child instanceof Node ? child : String(child ?? '')));
  return created;
}

function headers(accept) {
  const sent = {'OpenStack-API-Version': 'infra-optim latest', 'Accept': accept};
  const token = sessionStorage.getItem(TOKEN);
  if (token) sent['X-Auth-Token'] = token;
  return sent;
}

async function call(method, path, body) {
  const options = {method, headers: headers('application/json')};
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers['Content-Type'] = 'application/json';
  }
  const response = await fetch(path, options);
  if (response.status === 401) {
    showSignIn();
    throw new Error('Sign in to continue.');
  }
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) {
    const fault = answer && answer.error_message ? JSON.parse(answer.error_message).faultstring : response.statusText;
    throw Object.assign(new Error(fault), {status: response.status});
  }
  return answer;
}

// Replaces the content of an element if it has changed, so that readers of the screen are not disturbed. The element that has the focus
// of the keyboard keeps it if it has a key.
function fill(target, ...children) {
  const next = element('div', {}, ...children);
  if (next.childNodes.length === target.childNodes.length && [...next.childNodes].every((child, place) => child.isEqualNode(target.childNodes[place]))) return;
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  target.replaceChildren(...next.childNodes);
  const again = focused && [...target.querySelectorAll('[data-key]')].find(each => each.dataset.key === focused);
  if (again) again.focus();
}

function setStatus(text) {
  fill(byId('status'), text);
}

function time(text) {
  return text.slice(0, 19).replace('T', ' ');
}

function heatClass(load) {
  return load > HOT ? 'hot' : load > WARM ? 'warm' : '';
}

function bar(label, share, text, kind, wide) {
  const fill = element('span', {class: 'fill ' + kind});
  fill.style.width = Math.round(100 * Math.max(0, Math.min(1, share))) + '%';
  return element('div', {class: wide ? 'bar wide' : 'bar'}, element('span', {}, label),
    element('span', {class: 'track'}, fill), element('span', {}, text));
}

function percent(share) {
  return Math.round(100 * share) + ' %';
}

function rates(entry) {
  const megabits = bits => (bits / 1e6).toFixed(bits < 1e7 ? 1 : 0);
  return `in ${megabits(entry.in_bits_per_second)}, out ${megabits(entry.out_bits_per_second)} Mbit/s`;
}

function host(entry) {
  const busiest = Math.max(entry.cpu_load, entry.memory_load);
  const traffic = Math.max(entry.in_bits_per_second, entry.out_bits_per_second) / entry.link_bits_per_second;
  const vms = entry.vms.map(vm => element('li', {class: vm.migration ? 'moving' : '',
    title: `${vm.state}, ${vm.cores.toFixed(2)} cores, ${Math.round(vm.memory_bytes / 1048576)} MiB, ${rates(vm)} (${vm.traffic_class.toLowerCase()})`}, vm.name));
  return element('article', {class: 'host ' + heatClass(busiest)}, element('h3', {}, entry.name + (entry.disabled ? ' (disabled)' : '')),
    bar('CPU', entry.cpu_load, percent(entry.cpu_load), heatClass(entry.cpu_load)),
    bar('Memory', entry.memory_load, percent(entry.memory_load), heatClass(entry.memory_load)),
    bar('Network', traffic, percent(traffic), heatClass(traffic)),
    element('p', {class: 'note'}, rates(entry)),
    element('ul', {class: 'vms'}, ...vms));
}

// Nova's own flags are used where anything only observes.
function showObserves() {
  const words = observes.hosts.length ? [`${observes.hosts.join(', ')} only observed: Nova's own flags are used there`] : [];
  if (observes.service) words.push('the service observes: plans are not started');
  byId('observes').textContent = words.join('; ');
}

async function hosts() {
  const answer = await call('GET', '/godwit/v1/hosts');
  observes.hosts = answer.hosts.filter(each => each.observes).map(each => each.name);
  showObserves();
  fill(byId('hosts'), ...answer.hosts.map(host));
  byId('omitted').textContent = answer.omitted.map(each => `Left out: ${each.what}. ${each.reason}`).join(' ');
}

function table(head, rows) {
  if (rows.length === 0) return element('p', {class: 'note'}, 'None yet.');
  return element('div', {class: 'scroll'}, element('table', {}, element('thead', {}, element('tr', {}, ...head.map(title => element('th', {scope: 'col'}, title)))),
    element('tbody', {}, ...rows.map(cells => element('tr', {}, ...cells.map(cell => element('td', {}, cell)))))));
}

// What colours mean; each has its words beside it.
function legend(...entries) {
  return element('p', {class: 'legend'}, ...entries.flatMap(([kind, words]) => [element('span', {class: 'sample ' + kind}), words + ' ']));
}

function state(value) {
  return element('span', {class: 'state ' + value}, value);
}

// What it belongs to is part of its name for readers of the screen, and of its key.
function actionButton(label, primary, what, action) {
  return element('button', {type: 'button', class: primary ? 'primary' : '', 'aria-label': `${label} ${what}`, 'data-key': `${label} ${what}`, onclick: async () => {
    try {
      await action();
      await refresh();
    } catch (error) {
      setStatus(error.message);
    }
  }}, label);
}

function patchState(plan, value) {
  return call('PATCH', `/v1/action_plans/${plan}`, [{op: 'replace', path: '/state', value}]);
}

function buttons(plan) {
  const what = `plan ${plan.uuid}`;
  const offered = [actionButton('Show', false, what, async () => { shownPlan = plan.uuid; })];
  if (plan.state === 'RECOMMENDED') {
    offered.push(actionButton('Start', true, what, () => call('POST', `/v1/action_plans/${plan.uuid}/start`, {})));
    offered.push(actionButton('Cancel', false, what, () => patchState(plan.uuid, 'CANCELLED')));
  } else if (plan.state === 'ONGOING') {
    offered.push(actionButton('Cancel', false, what, () => patchState(plan.uuid, 'CANCELLING')));
  } else if (plan.state === 'PENDING') {
    offered.push(actionButton('Cancel', false, what, () => patchState(plan.uuid, 'CANCELLED')));
  }
  return element('span', {}, ...offered.flatMap(button => [button, ' ']));
}

async function plans() {
  const answer = await call('GET', '/v1/action_plans/detail?sort_key=created_at&sort_dir=desc&limit=10');
  const all = answer.action_plans;
  if (!shownPlan && all.length > 0) shownPlan = all[0].uuid;
  fill(byId('plans'), table(['State', 'Strategy', 'Created', 'Result', 'Actions'], all.map(plan =>
    [state(plan.state), plan.strategy_name, time(plan.created_at), plan.status_message, buttons(plan)])));
  const shown = all.find(plan => plan.uuid === shownPlan);
  // What is known of its migrations stays until the newer is there.
  planShown = shown ? {...shown, outcomes: planShown && planShown.uuid === shown.uuid ? planShown.outcomes : []} : null;
  byId('plan-section').hidden = !shown;
  if (shown) await plan(shown);
}

function figures(alternative) {
  return METRICS.slice(0, 4).filter(([name]) => alternative.predicted[name] !== undefined)
    .map(([name, unit, format]) => `${name} ${format(alternative.predicted[name])} ${unit}`.trim()).join(', ');
}

// The length of a bar is the objective, from the worst to the best technique that can run. The colour shows whether the
// SLOs are met.
function alternatives(planned) {
  const all = planned.alternatives || [];
  const objectives = all.filter(each => each.objective !== null).map(each => each.objective);
  const worst = Math.min(...objectives);
  const width = Math.max(...objectives) - worst || 1;
  return element('div', {}, ...all.map((each, place) => {
    if (each.objective === null) return bar(each.technique, 0, each.reason, '', true);
    const kind = place === 0 ? 'best' : each.violations > 0 ? 'warm' : '';
    return bar(each.technique, 0.1 + 0.9 * (each.objective - worst) / width, figures(each), kind, true);
  }), ...(all.length ? [legend(['best', 'chosen'], ['', 'keeps all SLOs'], ['warm', 'breaks an SLO'])] : []));
}

// Where no guest tells, PERF is not measured; its proxy from outside of the guest has a column of its own.
function measured(outcome) {
  const ended = outcome.migration && outcome.migration.outcome;
  const costs = outcome.measured;
  const predicted = outcome.planned.predicted;
  if (!costs || !predicted) return '';
  const proxy = typeof ended.perfProxy === 'number' ? ended.perfProxy.toFixed(2) : null;
  const last = (tag, text) => proxy === null ? [] : [element(tag, {class: 'number', title: 'a proxy of PERF, from outside of the guest'}, text)];
  const shown = METRICS.filter(([name]) => costs[name] !== undefined && predicted[name]);
  return element('div', {class: 'scroll'}, element('table', {class: 'measured'},
    element('thead', {}, element('tr', {}, element('th', {}, ''), ...shown.map(([name, unit]) => element('th', {class: 'number'}, `${name} ${unit}`)), ...last('th', 'PERF proxy'))),
    element('tbody', {},
      element('tr', {}, element('th', {}, 'predicted'), ...shown.map(([name, , format]) => element('td', {class: 'number'}, format(predicted[name].value))), ...last('td', '')),
      element('tr', {}, element('th', {}, 'measured'), ...shown.map(([name, , format]) => element('td', {class: 'number'}, format(costs[name]))), ...last('td', proxy)))));
}

// What a migration came to beside its metrics.
function beside(outcome) {
  const ended = outcome.migration && outcome.migration.outcome;
  const sentences = [];
  if (ended && ended.gathering) {
    const eviction = outcome.planned.eviction;
    const said = eviction ? ` (predicted ${(eviction.millis.value / 1000).toFixed(1)} s)` : '';
    sentences.push(`The source was free after ${(ended.gathering.evictionMillis / 1000).toFixed(1)} s${said}, with ${ended.gathering.copies} of each page on ${ended.gathering.intermediaries} intermediaries.`);
  }
  if (ended && ended.recovery) sentences.push(`The connection broke in post-copy ${ended.recovery.breaks} times and was made again ${ended.recovery.recovered} times.`);
  return sentences.length ? element('p', {}, sentences.join(' ')) : '';
}

function action(outcome) {
  const planned = outcome.planned;
  const box = element('article', {class: 'action'},
    element('h3', {}, `${planned.resource_name}: ${planned.source_node} → ${planned.destination_node} by ${planned.technique || planned.policy} `,
      state(outcome.state)),
    element('p', {}, planned.reason),
    element('p', {class: 'progress', id: 'progress-' + outcome.action_uuid}, progress.get(outcome.action_uuid) || ''));
  if (outcome.status_message) box.append(element('p', {}, outcome.status_message));
  box.append(alternatives(planned), measured(outcome), beside(outcome));
  return box;
}

async function plan(shown) {
  const answer = await call('GET', `/godwit/v1/outcomes?action_plan_uuid=${shown.uuid}`);
  byId('plan-title').textContent = `Plan of ${shown.strategy_name}, ${shown.state}`;
  byId('verdict').textContent = shown.status_message || '';
  planShown.outcomes = answer.outcomes;
  fill(byId('actions'), ...answer.outcomes.map(action));
}

async function audits() {
  const answer = await call('GET', '/v1/audits/detail?sort_key=created_at&sort_dir=desc&limit=10');
  fill(byId('audits'), table(['State', 'Name', 'Type', 'Strategy', 'Message'], answer.audits.map(audit =>
    [state(audit.state), audit.name, audit.audit_type, audit.strategy_name, audit.status_message])));
}

let refreshing = null;
const refreshers = [hosts, plans, audits];

function refresh() {
  if (!refreshing) {
    refreshing = Promise.all(refreshers.map(part => part()))
      .then(() => setStatus('Up to date'), error => { if (!signInShown()) setStatus(`Not up to date: ${error.message}`); })
      .finally(() => { refreshing = null; });
  }
  return refreshing;
}
