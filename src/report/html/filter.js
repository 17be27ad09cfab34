// What is looked for, and the permalinks that say it: #finding-ID, #cause-ID, or filters as in
// #q=media&reason=no_space&from=…&page=2. The address changes with the filters, so it can be sent to a colleague.
const KEYS = ['q', 'reason', 'target', 'system', 'cause', 'order', 'from', 'to', 'page'];

function emptyFilter() {
  return {q: '', reason: '', target: '', system: '', cause: '', order: '', from: '', to: '', page: ''};
}

function filterFromHash(hash) {
  const filter = emptyFilter();
  const asked = new URLSearchParams(hash);
  for (const key of KEYS) filter[key] = asked.get(key) || '';
  return filter;
}

function hashOf(filter) {
  const said = new URLSearchParams();
  for (const key of KEYS) {
    if (filter[key] && !(key === 'page' && filter[key] === '1')) said.set(key, filter[key]);
  }
  return said.toString();
}

// What the search looks at, put together when it is first asked for.
function searchTextOf(finding) {
  if (finding.searchText === undefined) {
    const parts = [finding.id, finding.task, finding.name, finding.system];
    for (const state of [finding.started, finding.reported]) {
      if (state) parts.push(state.state, state.rule, state.message, state.source, state.time);
    }
    for (const e of finding.errors) {
      parts.push(e.rule, e.reason, e.target, e.message, e.error, e.level, e.source + ':' + e.line, e.time);
      for (const [name, value] of Object.entries(e.captures || {})) parts.push(name + '=' + value);
    }
    finding.searchText = parts.filter(Boolean).join('\n').toLowerCase();
  }
  return finding.searchText;
}

function errorFits(error, filter) {
  return (!filter.reason || error.reason === filter.reason) && (!filter.target || error.target === filter.target) &&
      (!filter.cause || error.cause === filter.cause);
}

function timeFits(ms, filter) {
  return !(ms < Number(filter.from || -Infinity)) && !(ms >= Number(filter.to || Infinity));
}

// Everything but the time, which the chart shows beside the rest.
function fits(finding, filter, words) {
  if (filter.system && finding.system !== filter.system) return false;
  if ((filter.reason || filter.target || filter.cause) && !finding.errors.some((e) => errorFits(e, filter))) return false;
  return words.every((word) => searchTextOf(finding).includes(word));
}

function wordsOf(q) {
  return q.toLowerCase().split(/\s+/).filter(Boolean);
}

// A finding stands at each of its errors and at its end; without any time it is never left out.
function inTime(finding, filter) {
  if (!filter.from && !filter.to) return true;
  const times = [...finding.errors.map((e) => e.ms), finding.ms].filter((ms) => !Number.isNaN(ms));
  return times.some((ms) => timeFits(ms, filter));
}

// The options of a select: every value with its count, most first.
function fillSelect(select, all, counts, labelOf) {
  const values = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  select.replaceChildren(make('option', {value: ''}, all));
  for (const [value, count] of values) {
    select.append(make('option', {value}, visible(labelOf ? labelOf(value) : value || 'none') + ' (' + thousands(count) + ')'));
  }
  select.closest('label').hidden = values.length < 2;
}

function count(counts, value) {
  counts.set(value, (counts.get(value) || 0) + 1);
}
