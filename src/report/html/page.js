// The page itself: the data, the filter that is in force, and what is shown of both.
const PAGE = 50;         // findings or runs
const OPEN = 3;          // findings: so few are shown open
const PRINTED = 500;     // findings

const report = {findings: [], causes: new Map(), tasks: []};
const shown = {filter: emptyFilter(), matching: [], findings: [], colors: new Map(), axis: null, runPage: 1};

function readData() {
  for (const value of JSON.parse(byId('data').textContent)) {
    if (value.type === 'finding') report.findings.push(value);
    if (value.type === 'cause') report.causes.set(value.id, value);
    if (value.type === 'task') report.tasks.push(value);
  }
  for (const finding of report.findings) {
    for (const state of [finding.started, finding.reported]) {
      if (state) state.ms = moment(state.time);
    }
    for (const error of finding.errors) error.ms = moment(error.time);
    finding.ms = finding.reported ? finding.reported.ms : NaN;
  }
}

function colorOf(reason) {
  return Math.min(shown.colors.has(reason) ? shown.colors.get(reason) : COLORS, COLORS - 1);
}

// --- what can be chosen ---

function fillFilters() {
  const reasons = new Map(), targets = new Map(), systems = new Map(), causes = new Map();
  for (const finding of report.findings) {
    count(systems, finding.system);
    for (const [counts, key] of [[reasons, 'reason'], [targets, 'target'], [causes, 'cause']]) {
      for (const value of new Set(finding.errors.map((e) => e[key]))) count(counts, value);
    }
  }
  fillSelect(byId('reason'), 'all reasons', reasons);
  fillSelect(byId('target'), 'all targets', targets);
  fillSelect(byId('system'), 'all systems', systems);
  fillSelect(byId('cause'), 'all causes', causes, (id) => {
    const cause = report.causes.get(id);
    return cause ? cause.reason + ' on ' + cause.target + ': ' + cause.template.slice(0, 60) : id;
  });
  [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).forEach(([reason], i) => shown.colors.set(reason, i));
}

function fillLegend() {
  const errors = new Map();
  for (const finding of report.findings) for (const error of finding.errors) count(errors, error.reason);
  const items = [...errors].sort((a, b) => colorOf(a[0]) - colorOf(b[0])).map(([reason, n]) => {
    const button = make('button', {type: 'button', 'aria-pressed': String(shown.filter.reason === reason)},
        make('span', {class: 'swatch r' + colorOf(reason)}), visible(reason) + ' ' + thousands(n));
    button.addEventListener('click', () => change({reason: shown.filter.reason === reason ? '' : reason}));
    return make('li', {}, button);
  });
  const ends = make('li', {class: 'key'}, make('span', {class: 'swatch down'}), 'reported success');
  byId('legend').replaceChildren(...items, ends);
}

// --- what is shown ---

function showChart() {
  byId('timeline').hidden = shown.axis === null;
  if (shown.axis === null) return;
  const columns = columnsOf(shown.matching, shown.axis, shown.filter);
  const choose = (from, to) => {
    const again = shown.filter.from === String(from) && shown.filter.to === String(to);
    change(again ? {from: '', to: ''} : {from: String(from), to: String(to)});
  };
  fillLegend();
  drawChart(byId('chart'), shown.axis, columns, shown.filter, colorOf, choose);
  byId('chart-table').querySelector('.scroll').replaceChildren(chartTable(shown.axis, columns, choose));
}

function showSpan() {
  const {from, to} = shown.filter, button = byId('span');
  button.hidden = !from && !to;
  const said = (ms) => ms ? isoTime(Number(ms)).replace('T', ' ').replace('.000Z', 'Z') : '';
  button.textContent = 'Only ' + said(from) + ' to ' + said(to) + ' \u2715';
  button.setAttribute('aria-label', 'Show all times again');
}

function showList(open) {
  const pages = Math.max(1, Math.ceil(shown.findings.length / PAGE));
  const page = Math.min(Math.max(1, Math.floor(Number(shown.filter.page)) || 1), pages);
  const first = (page - 1) * PAGE, some = shown.findings.slice(first, first + PAGE);
  const few = shown.findings.length <= OPEN;
  byId('list').replaceChildren(...some.map((finding) => findingItem(finding, few || finding.id === open)));
  const all = report.findings.length, n = shown.findings.length;
  byId('status').textContent = n === 0 ? 'No finding fits.' :
      (n > PAGE ? thousands(first + 1) + ' to ' + thousands(first + some.length) + ' of ' : '') + counted(n, 'finding') +
      (n < all ? ' that ' + (n === 1 ? 'fits' : 'fit') + ', of ' + thousands(all) : '');
  byId('copy').hidden = n === 0;
  fillPages(byId('pages'), page, pages, (to) => {
    change({page: String(to)});
    byId('findings-title').focus();
    byId('findings').scrollIntoView();
  });
}

function show(open) {
  const words = wordsOf(shown.filter.q);
  shown.matching = report.findings.filter((finding) => fits(finding, shown.filter, words));
  shown.findings = shown.matching.filter((finding) => inTime(finding, shown.filter));
  if (shown.filter.order === 'newest') shown.findings.reverse();
  for (const key of ['q', 'reason', 'target', 'system', 'cause', 'order']) {
    if (byId(key).value !== shown.filter[key]) byId(key).value = shown.filter[key];
  }
  for (const row of document.querySelectorAll('.causes tbody tr')) {
    row.classList.toggle('chosen', row.id === 'cause-' + shown.filter.cause);
  }
  showChart();
  showSpan();
  showList(open);
}

// A new filter starts on the first page, and the address says it.
function change(values) {
  Object.assign(shown.filter, {page: ''}, values);
  history.replaceState(null, '', '#' + hashOf(shown.filter));
  show();
}

// --- permalinks ---

function showFinding(id) {
  const there = (finding) => finding.id === id;
  if (!report.findings.some(there)) return;
  if (!shown.findings.some(there)) shown.filter = emptyFilter();
  show();
  shown.filter.page = String(Math.floor(shown.findings.findIndex(there) / PAGE) + 1);
  showList(id);
  const item = byId('finding-' + id);
  item.scrollIntoView({block: 'start'});
  item.querySelector('summary').focus({preventScroll: true});
}

function showCause(id, clicked) {
  shown.filter = Object.assign(emptyFilter(), {cause: report.causes.has(id) ? id : ''});
  show();
  const row = byId('cause-' + id), more = row && row.closest('details');
  if (more) more.open = true;
  if (!clicked) return;
  byId('findings').scrollIntoView();
  byId('findings-title').focus({preventScroll: true});
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (e) {
    return text;
  }
}

function followHash(clicked) {
  const hash = location.hash.slice(1);
  if (hash.startsWith('finding-')) return showFinding(decoded(hash.slice(8)));
  if (hash.startsWith('cause-')) return showCause(decoded(hash.slice(6)), clicked);
  if (hash !== '' && !hash.includes('=')) return;  // a place of the page
  shown.filter = filterFromHash(hash);
  show();
}

// --- runs of every verdict ---

function showRuns() {
  const words = wordsOf(byId('run-q').value), verdict = byId('verdict').value;
  const fit = report.tasks.filter((task) => (!verdict || task.verdict === verdict) &&
      words.every((word) => [task.task, task.name, task.system, task.because].join('\n').toLowerCase().includes(word)));
  const pages = Math.max(1, Math.ceil(fit.length / PAGE));
  shown.runPage = Math.min(shown.runPage, pages);
  const rows = fit.slice((shown.runPage - 1) * PAGE, shown.runPage * PAGE).map((task) => make('tr', {},
      make('td', {}, make('span', {class: visible(task.verdict)}, visible(task.verdict)), task.because ? ': ' + visible(task.because) : ''),
      make('th', {scope: 'row', class: 'log'}, visible(task.task)), make('td', {class: 'log'}, visible(task.name || '')),
      make('td', {}, visible(task.system || '')),
      make('td', {}, task.run + (task.attempt > 1 ? ', attempt ' + task.attempt : ''))));
  byId('run-table').tBodies[0].replaceChildren(...rows);
  byId('run-status').textContent = fit.length === 0 ? 'No run fits.' : counted(fit.length, 'run');
  fillPages(byId('run-pages'), shown.runPage, pages, (to) => {
    shown.runPage = to;
    showRuns();
  });
}

function startRuns() {
  byId('runs').hidden = report.tasks.length === 0;
  if (report.tasks.length === 0) return;
  const verdicts = new Map();
  for (const task of report.tasks) count(verdicts, task.verdict);
  if (verdicts.size === 1 && verdicts.has('inconclusive')) byId('runs-title').textContent = 'Inconclusive runs';
  fillSelect(byId('verdict'), 'all verdicts', verdicts);
  byId('run-filters').addEventListener('input', () => {
    shown.runPage = 1;
    showRuns();
  });
  byId('run-filters').addEventListener('submit', (event) => event.preventDefault());
  showRuns();
}

// --- start ---

// Up and down go from finding to finding.
function walk(event) {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!step || event.target.tagName !== 'SUMMARY') return;
  const all = [...byId('list').querySelectorAll('.finding > summary')];
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function listen() {
  let waiting = 0;
  byId('q').addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change({q: byId('q').value}), 120);
  });
  for (const key of ['reason', 'target', 'system', 'cause', 'order']) {
    byId(key).addEventListener('change', () => change({[key]: byId(key).value}));
  }
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('clear').addEventListener('click', () => change(emptyFilter()));
  byId('span').addEventListener('click', () => change({from: '', to: ''}));
  byId('copy').addEventListener('click', () => copyText([...new Set(shown.findings.map((f) => visible(f.task)))].join('\n'), byId('copy')));
  byId('list').addEventListener('keydown', walk);
  window.addEventListener('hashchange', () => followHash(true));
  window.addEventListener('beforeprint', () => {
    byId('list').replaceChildren(...shown.findings.slice(0, PRINTED).map((finding) => findingItem(finding, true)));
  });
  window.addEventListener('afterprint', () => showList());
  let width = window.innerWidth, resized = 0;
  window.addEventListener('resize', () => {
    if (window.innerWidth === width) return;  // a phone's address bar came or went
    width = window.innerWidth;
    clearTimeout(resized);
    resized = setTimeout(showChart, 120);
  });
}

readData();
if (report.findings.length > 0) {
  byId('findings').hidden = false;
  shown.axis = axisOf(report.findings);
  fillFilters();
  listen();
  byId('timeline').hidden = shown.axis === null;
  shown.filter = emptyFilter();
  show();
  // Not before the browser itself has gone to the address: it would take the focus away again.
  window.addEventListener('load', () => setTimeout(() => followHash(false)));
}
startRuns();
