// Draws the page from the JSON in it. Strings from the scan reach the page as text nodes only.
'use strict';
(() => {
  const scan = JSON.parse(document.getElementById('data').textContent);
  const severities = ['critical', 'high', 'medium', 'low', 'info'];
  const states = {
    'exposed': {mark: '!', name: 'Exposed', rank: 0},
    'guarded': {mark: '✓', name: 'Guarded', rank: 1},
    'not-seen': {mark: '○', name: 'Not seen', rank: 2},
    'not-assessable': {mark: '?', name: 'Not assessable', rank: 3},
  };
  const page = 100;  // findings drawn at a time
  const $ = id => document.getElementById(id);
  const number = n => n.toLocaleString('en-US');
  const plural = (n, what) => `${number(n)} ${what}${n === 1 ? '' : 's'}`;

  function make(tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes || {})) {
      if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
      else if (v !== undefined && v !== false) e.setAttribute(k, v === true ? '' : v);
    }
    for (const c of children.flat()) if (c !== undefined && c !== null && c !== '') e.append(c);
    return e;
  }
  const link = (url, text) => make('a', {href: url, rel: 'noreferrer noopener'}, text);
  const nameIn = (list, id) => (list.find(x => x.id === id) || {name: id}).name;

  const techniques = new Map(scan.techniques.map(t => [t.id, {...t, findings: [], phases: [], state: 'not-assessable', worst: undefined}]));
  const noRule = {category: '', why: '', fix: '', phases: [], techniques: [], mitigations: [], cwe: [], references: []};
  const ruleOf = f => scan.rules[f.rule] || noRule;
  const technique = id => {
    if (!techniques.has(id)) techniques.set(id, {id, name: id, parent: '', tactics: [], findings: [], phases: [], state: 'not-assessable'});
    return techniques.get(id);
  };
  for (const c of scan.coverage) {
    const t = technique(c.technique);
    t.phases.push(c);
    if (states[c.state].rank < states[t.state].rank) t.state = c.state;
  }
  for (const f of scan.findings) {
    const rule = ruleOf(f);
    f.words = [f.title, f.message, f.place, f.evidence, f.rule, f.pointer, f.id, ...rule.techniques,
               ...rule.techniques.map(id => technique(id).name), ...rule.cwe].join('\n').toLowerCase();
    for (const id of rule.techniques) {
      const t = technique(id);
      t.findings.push(f);
      if (t.worst === undefined || severities.indexOf(f.severity) < severities.indexOf(t.worst)) t.worst = f.severity;
    }
  }

  // ---- overview
  function overview() {
    $('target').textContent = scan.targets.join('  ');
    $('about').textContent = [`Parapet ${scan.version}`, `ATLAS ${scan.atlas}`, scan.generated].filter(Boolean).join(' · ');
    document.title = `Parapet: ${scan.verdict}`;
    $('verdict').textContent = scan.verdict;
    $('basis').textContent = scan.basis;
    const counts = Object.fromEntries(severities.map(s => [s, scan.findings.filter(f => f.severity === s).length]));
    const tile = (classes, n, label, act) =>
      make('button', {type: 'button', class: `tile ${classes}${n === 0 ? ' none' : ''}`, onclick: act}, make('b', {}, number(n)), make('span', {}, label));
    for (const s of severities)
      $('severities').append(tile(`sev-${s}`, counts[s], s[0].toUpperCase() + s.slice(1), () => filterBy({severity: s})));
    const byState = state => [...techniques.values()].filter(t => t.phases.length > 0 && t.state === state).length;
    for (const [id, s] of Object.entries(states))
      $('states').append(tile(id, byState(id), s.name, () => showCoverage(id)));
    const notes = [...scan.notes];
    if (scan.suppressed > 0) notes.push(`${plural(scan.suppressed, 'finding')} accepted and not counted.`);
    if (scan.total > scan.findings.length) notes.push(`This page holds the ${number(scan.findings.length)} most severe of ${number(scan.total)} findings; the JSON report has all.`);
    $('notes').append(...notes.map(n => make('p', {}, n)));
  }

  // ---- matrix
  let selected;
  function describe(t) {
    const what = t.findings.length > 0 ? `, ${plural(t.findings.length, 'finding')}, worst ${t.worst}` : '';
    return `${t.id} ${t.name}: ${states[t.state].name.toLowerCase()}${what}`;
  }
  function classes(t) {
    const severity = t.state === 'exposed' ? ` sev-${t.worst || 'info'}` : '';
    return `is-${t.state}${severity}`;
  }
  const isQuiet = t => t.state !== 'exposed' && t.state !== 'guarded';
  function detail(t) {
    const box = $('technique');
    box.replaceChildren(make('h3', {}, `${t.name} `, make('span', {class: 'mono'}, t.id)));
    if (t.phases.length === 0) box.append(make('p', {}, 'Not assessed.'));
    const list = make('dl', {});
    for (const c of t.phases) {
      const controls = c.controls.length > 0 ? ` Control seen: ${c.controls.join('; ')}.` : '';
      list.append(make('dt', {}, nameIn(scan.phases, c.phase)), make('dd', {}, `${states[c.state].name}: ${c.why}.${controls}`));
    }
    box.append(list);
  }
  function button(t, kind, ...content) {
    return make('button', {
      type: 'button', class: `${kind} ${classes(t)}`, 'data-technique': t.id, tabindex: '-1', 'aria-pressed': 'false',
      'aria-label': describe(t), title: describe(t),
      onfocus: () => detail(t), onmouseenter: () => detail(t),
      onclick: () => { detail(t); if (t.findings.length > 0) filterBy({technique: t.id}); },
    }, ...content);
  }
  function matrix() {
    const legend = [...severities.map(s => [`is-exposed sev-${s}`, '!', `Exposed, ${s}`]),
      ...Object.entries(states).slice(1).map(([id, s]) => [`is-${id}`, s.mark, s.name])];
    $('legend').append(...legend.map(([c, mark, name]) => make('li', {}, make('span', {class: `key ${c}`, 'aria-hidden': 'true'}, mark), name)));
    const all = [...techniques.values()];
    for (const tactic of scan.tactics) {
      const here = all.filter(t => t.tactics.includes(tactic.id));
      const parents = here.filter(t => !t.parent || !here.some(p => p.id === t.parent));
      const exposed = here.filter(t => t.state === 'exposed').length;
      const column = make('div', {class: 'tactic'}, make('h3', {}, tactic.name, make('small', {}, `${exposed} of ${here.length} exposed`)));
      for (const t of parents) {
        const subs = here.filter(s => s.parent === t.id);
        const count = t.findings.length;
        const item = make('div', {class: `technique${isQuiet(t) && subs.every(isQuiet) ? ' quiet' : ''}`},
          button(t, 'cell', make('span', {class: 'id'}, t.id.replace('AML.', '')),
            make('span', {class: 'mark'}, `${states[t.state].mark}${count > 0 ? ` ${number(count)}` : ''}`),
            make('span', {class: 'name'}, t.name.replaceAll('/', '/\u200b'))));
        if (subs.length > 0)
          item.append(make('div', {class: 'chips'}, subs.map(s => button(s, 'chip', `${s.id.slice(s.id.lastIndexOf('.'))}${states[s.state].mark}`))));
        column.append(item);
      }
      $('matrix-grid').append(column);
    }
    const first = $('matrix-grid').querySelector('.is-exposed') || $('matrix-grid').querySelector('button');
    if (first) {
      first.tabIndex = 0;
      detail(technique(first.dataset.technique));
    }
    $('matrix-grid').addEventListener('focusin', e => {
      for (const b of $('matrix-grid').querySelectorAll('button[tabindex="0"]')) b.tabIndex = -1;
      e.target.tabIndex = 0;
    });
    $('matrix-grid').addEventListener('keydown', moveInMatrix);
    $('relevant').addEventListener('change', e => $('matrix-grid').classList.toggle('only-relevant', e.target.checked));
  }
  function moveInMatrix(e) {
    if (!['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(e.key)) return;
    const columns = [...$('matrix-grid').querySelectorAll('.tactic')].map(c => [...c.querySelectorAll('button')].filter(b => b.offsetParent !== null));
    let x = columns.findIndex(c => c.includes(document.activeElement));
    if (x < 0) return;
    let y = columns[x].indexOf(document.activeElement);
    if (e.key === 'ArrowUp') y = Math.max(0, y - 1);
    if (e.key === 'ArrowDown') y = Math.min(columns[x].length - 1, y + 1);
    if (e.key === 'Home') y = 0;
    if (e.key === 'End') y = columns[x].length - 1;
    const step = e.key === 'ArrowLeft' ? -1 : e.key === 'ArrowRight' ? 1 : 0;
    if (step !== 0) {
      do x += step; while (columns[x] !== undefined && columns[x].length === 0);
      if (columns[x] === undefined) return;
      y = Math.min(y, columns[x].length - 1);
    }
    e.preventDefault();
    columns[x][y].focus();
  }

  // ---- phases and categories
  function phases() {
    const categories = [...scan.categories];
    for (const f of scan.findings) {
      const id = ruleOf(f).category;
      if (id && !categories.some(c => c.id === id)) categories.push({id, name: id});
    }
    const cell = (list, filter) => {
      if (list.length === 0) return make('td', {class: 'zero'}, '–');
      const worst = severities.find(s => list.some(f => f.severity === s));
      const says = list.every(f => f.severity === worst) ? worst : `worst ${worst}`;
      return make('td', {class: `sev-${worst}`}, make('button', {type: 'button', onclick: () => filterBy(filter)}, number(list.length), make('small', {}, ` ${says}`)));
    };
    const body = make('tbody', {});
    for (const c of categories) {
      const all = scan.findings.filter(f => ruleOf(f).category === c.id);
      body.append(make('tr', {}, make('th', {scope: 'row'}, c.name),
        scan.phases.map(p => cell(all.filter(f => ruleOf(f).phases.includes(p.id)), {category: c.id, phase: p.id})), cell(all, {category: c.id})));
    }
    $('phase-table').append(
      make('thead', {}, make('tr', {}, make('th', {scope: 'col'}, 'Category'), scan.phases.map(p => make('th', {scope: 'col'}, p.name)), make('th', {scope: 'col'}, 'All'))), body);
  }

  // ---- findings
  let matching = [], drawn = 0;
  const filterOf = name => $(`filter-${name}`);
  function options(name, all, list) {
    filterOf(name).append(make('option', {value: ''}, all), ...list.map(x => make('option', {value: x.id}, x.name)));
  }
  function filters() {
    options('severity', 'Any', severities.map(s => ({id: s, name: s[0].toUpperCase() + s.slice(1)})));
    options('category', 'Any', scan.categories);
    options('phase', 'Any', scan.phases);
    options('technique', 'Any', [...techniques.values()].filter(t => t.findings.length > 0).map(t => ({id: t.id, name: `${t.id} ${t.name} (${t.findings.length})`})));
    let timer;
    filterOf('text').addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
    for (const n of ['severity', 'category', 'phase', 'technique']) filterOf(n).addEventListener('change', apply);
    $('filters').addEventListener('submit', e => e.preventDefault());
    $('filters').addEventListener('reset', () => setTimeout(apply));
    $('more').addEventListener('click', () => { const from = drawn; draw(); $('list').children[from]?.querySelector('summary')?.focus(); });
    document.addEventListener('keydown', e => {
      if (e.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        e.preventDefault();
        filterOf('text').focus();
      }
    });
  }
  function filterBy(wanted) {
    $('filters').reset();
    for (const [name, value] of Object.entries(wanted)) filterOf(name).value = value;
    apply();
    $('findings').scrollIntoView();
    $('findings-title').focus({preventScroll: true});
  }
  function apply() {
    const text = filterOf('text').value.trim().toLowerCase();
    const [severity, category, phase, wanted] = ['severity', 'category', 'phase', 'technique'].map(n => filterOf(n).value);
    matching = scan.findings.filter(f => {
      const rule = ruleOf(f);
      return (!severity || f.severity === severity) && (!category || rule.category === category) && (!phase || rule.phases.includes(phase)) &&
        (!wanted || rule.techniques.includes(wanted)) && (!text || f.words.includes(text));
    });
    if (selected !== wanted) {
      for (const b of $('matrix-grid').querySelectorAll('[data-technique]')) b.setAttribute('aria-pressed', String(b.dataset.technique === wanted));
      selected = wanted;
    }
    $('shown').textContent = matching.length === scan.findings.length ? plural(matching.length, 'finding') : `${number(matching.length)} of ${plural(scan.findings.length, 'finding')}`;
    $('list').replaceChildren();
    drawn = 0;
    draw();
  }
  function draw() {
    const next = matching.slice(drawn, drawn + page);
    $('list').append(...next.map(finding));
    drawn += next.length;
    if (matching.length === 0)
      $('list').append(make('p', {class: 'card empty'}, scan.findings.length === 0 ? `${scan.verdict} ${scan.basis}` : 'No finding matches the filter.'));
    $('more').hidden = drawn >= matching.length;
    $('more').textContent = `Show ${number(Math.min(page, matching.length - drawn))} more of ${number(matching.length - drawn)}`;
  }
  function finding(f) {
    const box = make('details', {class: `finding card sev-${f.severity}`, id: `finding-${f.id}`},
      make('summary', {}, make('span', {class: 'pill'}, f.severity),
        make('span', {}, make('span', {class: 'title'}, f.title), make('span', {class: 'where'}, f.place)),
        make('span', {class: 'ids'}, ruleOf(f).techniques.slice(0, 3).map(id => make('span', {}, id)))));
    box.addEventListener('toggle', () => { if (box.open) fill(box, f); });
    return box;
  }
  function fill(box, f) {
    if (box.querySelector('.body')) return;
    const rule = ruleOf(f);
    const list = make('dl', {});
    const row = (label, ...content) => { if (content.flat().length > 0 && content[0] !== '') list.append(make('dt', {}, label), make('dd', {}, ...content)); };
    const items = (label, content) => { if (content.length > 0) row(label, make('ul', {}, content.map(c => make('li', {}, c)))); };
    row('Why', rule.why);
    row('Fix', rule.fix);
    items('ATLAS', rule.techniques.map(id => [link(`https://atlas.mitre.org/techniques/${encodeURIComponent(id)}`, id), ` ${technique(id).name}`]));
    items('Mitigations', rule.mitigations.map(id => [/^AML\.M\d+$/.test(id) ? link(`https://atlas.mitre.org/mitigations/${id}`, id) : id, ` ${nameIn(scan.mitigations, id) === id ? '' : nameIn(scan.mitigations, id)}`]));
    items('Also at', [...(f.related || []).map(([place, says]) => [make('span', {class: 'mono'}, place), says ? ` ${says}` : '']), ...(f.relatedLeft ? [`and ${number(f.relatedLeft)} more`] : [])]);
    items('Origin', f.origin || []);
    row('Inside', f.pointer ? make('span', {class: 'mono'}, f.pointer) : '');
    row('Severity', f.severityWhy ? `${f.severity}: ${f.severityWhy}` : '');
    row('Confidence', f.confidence);
    items('Phases', rule.phases.map(p => nameIn(scan.phases, p)));
    items('CWE', rule.cwe.map(c => [link(`https://cwe.mitre.org/data/definitions/${c.replace(/\D/g, '')}.html`, c)]));
    items('References', rule.references.map(r => [/^https?:\/\//.test(r) ? link(r, r) : r]));
    row('Rule', make('span', {class: 'mono'}, f.rule), ' · ', make('span', {class: 'mono'}, f.id));
    box.append(make('div', {class: 'body'}, f.message ? make('p', {}, f.message) : '', f.evidence ? make('pre', {}, f.evidence) : '', list));
  }

  // ---- coverage
  function coverage() {
    const choice = $('coverage-state');
    choice.append(make('option', {value: ''}, 'All'), ...Object.entries(states).map(([id, s]) => make('option', {value: id}, s.name)));
    const rows = scan.coverage.map((c, i) => ({c, i})).sort((a, b) => states[a.c.state].rank - states[b.c.state].rank || a.i - b.i);
    const body = make('tbody', {});
    const fillTable = () => body.replaceChildren(...rows.filter(({c}) => !choice.value || c.state === choice.value).map(({c}) => {
      const t = technique(c.technique);
      const severity = c.state === 'exposed' ? ` sev-${t.worst || 'info'}` : '';
      return make('tr', {}, make('td', {}, make('span', {class: 'mono'}, c.technique), make('br'), c.name), make('td', {}, nameIn(scan.phases, c.phase)),
        make('td', {}, make('span', {class: 'state'}, make('span', {class: `key is-${c.state}${severity}`, 'aria-hidden': 'true'}, states[c.state].mark), states[c.state].name)),
        make('td', {}, c.why, c.controls.map(x => make('div', {class: 'mono'}, x))));
    }));
    choice.addEventListener('change', fillTable);
    fillTable();
    $('coverage-table').append(make('thead', {}, make('tr', {}, ['Technique', 'Phase', 'State', 'Why'].map(h => make('th', {scope: 'col'}, h)))), body);
  }
  function showCoverage(state) {
    $('coverage-state').value = state;
    $('coverage-state').dispatchEvent(new Event('change'));
    $('coverage').scrollIntoView();
    $('coverage-state').focus({preventScroll: true});
  }

  // ---- what was not read
  function unread() {
    if (scan.unread.length === 0) return void $('unread-box').append(make('p', {class: 'empty'}, 'Every artifact was read to its end.'));
    const row = a => make('tr', {}, make('td', {class: 'mono'}, a.path), make('td', {}, make('span', {class: 'state'}, a.status === 'partly' ? 'In part' : 'Not read')), make('td', {}, a.why));
    $('unread-box').append(make('table', {class: 'rows'}, make('thead', {}, make('tr', {}, ['Artifact', 'Read', 'Why'].map(h => make('th', {scope: 'col'}, h)))), make('tbody', {}, scan.unread.map(row))));
    if (scan.unreadTotal > scan.unread.length) $('unread-box').append(make('p', {class: 'empty'}, `${number(scan.unreadTotal - scan.unread.length)} more are in the JSON report.`));
  }

  function sections() {
    const links = new Map([...document.querySelectorAll('.sections a')].map(a => [a.hash.slice(1), a]));
    const watch = new IntersectionObserver(entries => {
      for (const e of entries) links.get(e.target.id)?.classList.toggle('here', e.isIntersecting);
    }, {rootMargin: '-20% 0px -75% 0px'});
    for (const s of document.querySelectorAll('main > section')) watch.observe(s);
  }
  // On paper everything is open, as far as paper is reasonable.
  addEventListener('beforeprint', () => {
    const shown = [...$('list').querySelectorAll('.finding')].slice(0, 200);
    shown.forEach((d, i) => { fill(d, matching[i]); d.open = true; });
  });

  overview();
  filters();
  matrix();
  phases();
  apply();
  coverage();
  unread();
  sections();
  const target = location.hash.startsWith('#finding-') && document.getElementById(location.hash.slice(1));
  if (target) target.open = true, target.scrollIntoView();
})();
