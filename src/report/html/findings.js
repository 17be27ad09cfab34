// One finding: a line that says what was lost, and behind it the story, in order of time, in the log's own words.
function targetText(error) {
  return visible(error.reason) + ' on ' + visible(error.target);
}

function placeOf(at) {
  return visible(at.source) + ':' + at.line;
}

// For a shell: quoted where it must be; null if no shell should get it.
function shellWord(text) {
  if (visible(text) !== text) return null;
  return /^[\w@%+=:,.\/][\w@%+=:,.\/-]*$/.test(text) ? text : '\'' + text.replace(/'/g, '\'\\\'\'') + '\'';
}

// The command that tells more; null if the input can't be named again.
function explainCommand(finding) {
  const sources = new Set(finding.errors.map((e) => e.source));
  if (finding.reported) sources.add(finding.reported.source);
  const words = ['gainsay explain', '--task=' + shellWord(finding.task)];
  for (const source of sources) words.push(shellWord(source.split('!')[0]));
  const usable = sources.size < 6 && !sources.has('-') && !sources.has('') && shellWord(finding.task) !== null;
  return usable && !words.includes(null) ? [...new Set(words)].join(' ') : null;
}

function factsOf(error) {
  const facts = Object.entries(error.captures || {}).filter(([, value]) => value !== '')
      .map(([name, value]) => visible(name) + '=' + visible(value));
  if (error.level) facts.push('level ' + visible(error.level));
  if (error.matched_by) facts.push('matched by ' + visible(error.matched_by));
  if (error.rule) facts.push('rule ' + visible(error.rule));
  return facts.join(', ');
}

function gapText(before, now) {
  const gap = before ? now.ms - before.ms : NaN;
  return gap >= 0 ? '+' + duration(gap) : '';
}

function eventItem(kind, label, event, before, oneDate, facts) {
  const when = event.time ? (oneDate ? '' : dateOf(event.time) + ' ') + clockOf(event.time) : 'no time';
  return make('li', {class: 'event ' + kind},
      make('div', {class: 'line'}, make('span', {class: 'label'}, label), make('span', {class: 'clock'}, visible(when)),
          make('span', {class: 'gap'}, gapText(before, event)), make('span', {class: 'place log'}, placeOf(event))),
      event.message ? make('pre', {class: 'log'}, visibleBlock(event.message)) : '',
      event.error ? make('pre', {class: 'log'}, visibleBlock(event.error)) : '',
      facts ? make('p', {class: 'facts-line'}, facts) : '');
}

// Start, errors, what was reported, and what came too late.
function eventsOf(finding) {
  const early = finding.errors.filter((e) => !e.late), late = finding.errors.filter((e) => e.late);
  const lost = (e) => ['error', (e.late ? 'late write error: ' : 'write error: ') + targetText(e), e, factsOf(e)];
  const told = (s, word) => ['' + (s.state === 'succeeded' ? 'succeeded' : 'state'), word, s, s.rule ? 'rule ' + visible(s.rule) : ''];
  return [
    ...(finding.started ? [told(finding.started, 'started')] : []),
    ...early.map(lost),
    ...(finding.reported ? [told(finding.reported, 'reported ' + visible(finding.reported.state))] : []),
    ...late.map(lost),
  ];
}

function copyButton(label, textOf) {
  const button = make('button', {type: 'button'}, label);
  button.addEventListener('click', () => copyText(textOf(), button));
  return button;
}

function copyText(text, button) {
  const label = button.textContent;
  const done = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = label; }, 1500);
  };
  const byHand = () => {
    const area = make('textarea', {readonly: '', 'aria-label': 'To copy'}, text);
    document.body.append(area);
    area.select();
    done(document.execCommand('copy') ? 'Copied' : 'Could not copy');
    area.remove();
    button.focus();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => done('Copied'), byHand);
  else byHand();
}

function bodyOf(finding) {
  const events = eventsOf(finding);
  const dates = new Set(events.map((event) => dateOf(event[2].time)).filter(Boolean));
  const list = make('ol', {class: 'events'});
  events.forEach(([kind, label, event, facts], i) => {
    list.append(eventItem(kind, label, event, i > 0 ? events[i - 1][2] : null, dates.size < 2, facts));
  });
  const links = make('p', {class: 'links'}, make('a', {href: '#finding-' + finding.id}, 'Link to finding ' + visible(finding.id)));
  if (finding.cause) links.append(make('a', {href: '#cause-' + finding.cause}, 'All of this cause'));
  const command = explainCommand(finding);
  if (command) links.append(make('span', {}, make('code', {}, command)), copyButton('Copy', () => command));
  return make('div', {class: 'body'}, list, links);
}

function summaryOf(finding) {
  const first = finding.errors[0], more = finding.errors.length - 1, late = finding.errors.filter((e) => e.late).length;
  const what = (first ? targetText(first) : 'no write error') + (more > 0 ? ', and ' + counted(more, 'more error') : '') +
      (late > 0 ? ', ' + thousands(late) + ' late' : '');
  const who = [finding.name, finding.system].filter(Boolean).map(visible);
  if (finding.run > 1) who.push('run ' + finding.run);
  if (finding.attempt > 1) who.push('attempt ' + finding.attempt);
  const time = finding.reported && finding.reported.time || first && first.time || '';
  return make('summary', {},
      make('h3', {}, make('span', {class: 'log'}, visible(finding.task))),
      make('span', {class: 'when'}, visible(dateOf(time) + ' ' + clockOf(time).slice(0, 12))),
      make('p', {class: 'what'}, what), make('p', {class: 'who'}, who.join(', ')));
}

// The body is made when it is first seen.
function findingItem(finding, open) {
  const details = make('details', {class: 'finding', id: 'finding-' + finding.id}, summaryOf(finding));
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(bodyOf(finding));
  };
  details.addEventListener('toggle', fill);
  details.open = open;
  fill();
  return make('li', {}, details);
}

// "previous", "2 of 12", "next".
function fillPages(nav, page, pages, go) {
  nav.replaceChildren();
  nav.hidden = pages < 2;
  if (nav.hidden) return;
  const button = (label, to, off) => {
    const b = make('button', {type: 'button'}, label);
    b.disabled = off;
    b.addEventListener('click', () => go(to));
    return b;
  };
  nav.append(button('First', 1, page === 1), button('Previous', page - 1, page === 1),
      make('span', {}, 'page ' + thousands(page) + ' of ' + thousands(pages)),
      button('Next', page + 1, page === pages), button('Last', pages, page === pages));
}
