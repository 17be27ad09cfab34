// Write errors by reason (upwards) and the successes that were reported over them (downwards), over the time of
// the run. A click on a column looks into its time; the table beside it does the same for those who don't click.
const STEPS = [1, 10, 100, 1000, 2000, 5000, 10000, 15000, 30000].concat(
    [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200, 129600, 525600].map((minutes) => minutes * 60000));
const COLUMNS = 60;
const COLORS = 8;

function stepFor(span) {
  return STEPS.find((step) => span / step <= COLUMNS) || Math.ceil(span / COLUMNS / STEPS.at(-1)) * STEPS.at(-1);
}

// The range of all times, in whole steps; null if there are none.
function axisOf(findings) {
  let first = Infinity, last = -Infinity;
  for (const finding of findings) {
    for (const ms of [finding.ms, ...finding.errors.map((e) => e.ms)]) {
      if (ms < first) first = ms;
      if (ms > last) last = ms;
    }
  }
  if (first > last) return null;
  const step = stepFor(last - first);
  const from = Math.floor(first / step) * step;
  return {from, step, columns: Math.floor((last - from) / step) + 1};
}

function columnsOf(findings, axis, filter) {
  const columns = Array.from({length: axis.columns}, () => ({reasons: new Map(), errors: 0, ends: 0}));
  const at = (ms) => columns[Math.floor((ms - axis.from) / axis.step)];
  for (const finding of findings) {
    if (!Number.isNaN(finding.ms)) ++at(finding.ms).ends;
    for (const error of finding.errors) {
      if (Number.isNaN(error.ms) || !errorFits(error, filter)) continue;
      count(at(error.ms).reasons, error.reason);
      ++at(error.ms).errors;
    }
  }
  return columns;
}

function isoTime(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString();
}

// As short as the axis allows: whole days need no clock, whole minutes no fraction.
function axisLabel(ms, step) {
  const iso = isoTime(ms);
  const end = iso.indexOf('T');
  if (step >= 86400000) return iso.slice(0, end);
  const clock = iso.slice(end + 1, -1);
  return step >= 60000 ? clock.slice(0, 5) : step >= 1000 ? clock.slice(0, 8) : clock;
}

function columnText(axis, column, i) {
  const parts = [...column.reasons].map(([reason, n]) => visible(reason) + ' ' + thousands(n));
  return isoTime(axis.from + i * axis.step).replace('T', ' ').replace('.000', '') + ', ' + duration(axis.step) + ': ' +
      counted(column.errors, 'write error') + (parts.length > 0 ? ' (' + parts.join(', ') + ')' : '') + ', ' +
      counted(column.ends, 'contradiction');
}

// What is drawn, in pixels: `height` above the line for errors, `depth` below it for contradictions.
function geometry(width, columns) {
  const most = Math.max(1, ...columns.map((c) => c.errors)), mostEnds = Math.max(1, ...columns.map((c) => c.ends));
  const left = 8 + 8 * Math.max(thousands(most).length, thousands(mostEnds).length);
  return {width, left, top: 14, height: 110, depth: 40, most, mostEnds, column: (width - left - 4) / columns.length};
}

function drawColumn(svg, column, x, g, colorOf, faint) {
  const wide = Math.min(Math.max(g.column - (g.column > 4 ? 1 : 0), 1), 48);
  const base = g.top + g.height;
  let y = base;
  for (const [reason, n] of [...column.reasons].sort((a, b) => colorOf(a[0]) - colorOf(b[0]))) {
    const height = Math.max(n / g.most * g.height, 2);
    y -= height;
    svg.append(drawn('rect', {class: 'bar r' + colorOf(reason) + faint, x, y, width: wide, height}));
  }
  if (column.ends > 0) {
    const height = Math.max(column.ends / g.mostEnds * g.depth, 2);
    svg.append(drawn('rect', {class: 'bar down' + faint, x, y: base + 1, width: wide, height}));
  }
}

function drawAxis(svg, axis, g) {
  const base = g.top + g.height, bottom = base + g.depth + 18;
  svg.append(drawn('line', {x1: g.left, x2: g.width, y1: base + .5, y2: base + .5}));
  svg.append(drawn('line', {x1: g.left, x2: g.width, y1: g.top + .5, y2: g.top + .5}));
  svg.append(drawn('text', {x: g.left - 6, y: g.top + 5, 'text-anchor': 'end'}, thousands(g.most)));
  svg.append(drawn('text', {x: g.left - 6, y: base + g.depth, 'text-anchor': 'end'}, thousands(g.mostEnds)));
  const every = Math.ceil(110 / g.column);  // columns from one label to the next, so that none touch
  for (let i = 0; i < axis.columns; i += every) {
    svg.append(drawn('text', {x: g.left + i * g.column, y: bottom}, axisLabel(axis.from + i * axis.step, axis.step)));
  }
}

function drawChart(place, axis, columns, filter, colorOf, choose) {
  const g = geometry(Math.max(place.clientWidth, 240), columns);
  const all = g.top + g.height + g.depth + 24;
  const errors = columns.reduce((sum, c) => sum + c.errors, 0), ends = columns.reduce((sum, c) => sum + c.ends, 0);
  const svg = drawn('svg', {
    viewBox: '0 0 ' + g.width + ' ' + all, height: all, role: 'img',
    'aria-label': counted(errors, 'write error') + ' upwards and ' + counted(ends, 'contradiction') + ' downwards, from ' +
        isoTime(axis.from) + ', in columns of ' + duration(axis.step),
  });
  drawAxis(svg, axis, g);
  columns.forEach((column, i) => {
    const from = axis.from + i * axis.step, x = g.left + i * g.column;
    drawColumn(svg, column, x, g, colorOf, timeFits(from, filter) ? '' : ' faint');
    if (column.errors + column.ends === 0) return;
    const hit = drawn('rect', {class: 'hit', x, y: 0, width: Math.max(g.column, 3), height: g.top + g.height + g.depth},
        drawn('title', {}, columnText(axis, column, i)));
    hit.addEventListener('click', () => choose(from, from + axis.step));
    svg.append(hit);
  });
  place.replaceChildren(svg);
}

function chartTable(axis, columns, choose) {
  const body = make('tbody', {});
  columns.forEach((column, i) => {
    if (column.errors + column.ends === 0) return;
    const from = axis.from + i * axis.step;
    const button = make('button', {type: 'button'}, isoTime(from).replace('T', ' ').replace('.000Z', 'Z'));
    button.addEventListener('click', () => choose(from, from + axis.step));
    body.append(make('tr', {}, make('th', {scope: 'row'}, button), make('td', {class: 'number'}, thousands(column.errors)),
        make('td', {class: 'number'}, thousands(column.ends)),
        make('td', {}, [...column.reasons].map(([r, n]) => visible(r) + ' ' + thousands(n)).join(', '))));
  });
  return make('table', {}, make('thead', {}, make('tr', {}, ...['From (' + duration(axis.step) + ')', 'Write errors', 'Contradictions', 'Reasons']
      .map((title) => make('th', {scope: 'col'}, title)))), body);
}
