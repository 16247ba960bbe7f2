/* <posada-flow-map>: people on the move, day by day, on a Canvas element.

   The element reads its data from a child <script type="application/json"> or from its property `data`; what the data
   mean is told by posada.report.flow_map_data. Any other children are shown until the element is ready, and where no
   script runs. Attributes: theme (light, dark; else as the reader's device asks), date (YYYY-MM-DD). Events:
   posada-date (detail: {date}) and posada-place (detail: {id}). It loads nothing and writes nothing. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const DAY = 86400000;
const STACKS = ["sheltered", "held", "waiting", "no_bed"];
const SPEEDS = [0.5, 1, 2, 4];
const PITCH = 4;
const HALF_A_DAY = 0.5;
const PAPER = 700;
const MOST_PIXELS = 2e6; // more would cost frames where there is no graphics card
const FONT = 'system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif';
const COLOURS = {
  light: {
    sea: "#dfe8ed", land: "#f8f6f1", border: "#b5ad9c", ink: "#16212b", soft: "#56626c", route: "#93a3b0",
    halo: "#f8f6f1", ring: "rgba(22,33,43,.10)", moving: "#b8390e", sheltered: "#0b5c99", held: "#5b3f8c",
    waiting: "#8a5a00", no_bed: "#a3123a", country: "#857c69", focus: "#0b4f8a",
  },
  dark: {
    sea: "#0c1318", land: "#1d272e", border: "#45545f", ink: "#eef2f5", soft: "#aab6bf", route: "#5d7180",
    halo: "#1d272e", ring: "rgba(238,242,245,.13)", moving: "#ff9f5a", sheltered: "#6cb8ff", held: "#c7b3ff",
    waiting: "#ffd25e", no_bed: "#ff7d97", country: "#7f8d98", focus: "#8cc4f5",
  },
  print: {
    sea: "#ffffff", land: "#f4f4f2", border: "#8a8a8a", ink: "#000000", soft: "#333333", route: "#777777",
    halo: "#ffffff", ring: "rgba(0,0,0,.08)", moving: "#000000", sheltered: "#0b5c99", held: "#444444",
    waiting: "#000000", no_bed: "#000000", country: "#666666", focus: "#000000",
  },
};

/* ---------- the earth ---------- */

const mercator = (lat) => {
  const cut = Math.max(-84, Math.min(84, lat)) * Math.PI / 180;
  return Math.log(Math.tan(Math.PI / 4 + cut / 2)) * 180 / Math.PI;
};
const latitude = (y) => (2 * Math.atan(Math.exp(y * Math.PI / 180)) - Math.PI / 2) * 180 / Math.PI;

/** A ring of a level: points as Mercator degrees, with its bounds. */
function unpack(text, level) {
  const [west, , , north] = level.box;
  const points = [];
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  const at = [0, 0];
  let axis = 0, value = 0, weight = 1;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value += (digit % 32) * weight;
    weight *= 32;
    if (digit >= 32) continue;
    at[axis] += value % 2 ? -(value + 1) / 2 : value / 2;
    if (axis === 1) {
      const x = west + at[0] * level.unit, y = north - at[1] * level.unit;
      points.push(x, y);
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
    axis = 1 - axis;
    value = 0;
    weight = 1;
  }
  return { points: Float64Array.from(points), bounds };
}

function inside(ring, x, y) {
  const { points, bounds } = ring;
  if (x < bounds[0] || y < bounds[1] || x > bounds[2] || y > bounds[3]) return false;
  let odd = false;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    if (points[i + 1] > y !== points[j + 1] > y
      && x < (points[j] - points[i]) * (y - points[i + 1]) / (points[j + 1] - points[i + 1]) + points[i]) odd = !odd;
  }
  return odd;
}

/** Levels of detail with their outlines, each unpacked when it is first looked at. */
class Ground {
  constructor(levels) {
    this.levels = levels.map((level) => ({ ...level, countries: null }));
  }

  /** The countries of the finest level that holds a box; each with a name and rings. */
  countries(box) {
    const fits = (b) => b[0] <= box[0] && b[1] <= box[1] && b[2] >= box[2] && b[3] >= box[3];
    const level = [...this.levels].reverse().find((item) => fits(item.box)) || this.levels[0];
    level.countries ||= level.shapes.map(([name, number, rings]) => ({ name, number, rings: rings.map((ring) => unpack(ring, level)) }));
    return level.countries;
  }
}

/* ---------- numbers and dates in words ---------- */

/** As far as a simulation knows it: two figures from 100 on, steps of five from 50, whole numbers below. */
function rounded(value) {
  if (value < 50) return Math.round(value);
  if (value < 100) return Math.round(value / 5) * 5;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
}

const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, key) => words[key] ?? "");

class Speech {
  constructor(data) {
    this.words = data.words;
    const language = this.language = data.words.locale || data.language;
    this.numbers = new Intl.NumberFormat(language, { useGrouping: "always" });
    this.days = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    this.short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  /** A country's name in the language of the page, as far as the browser knows it. */
  country({ name, number }) {
    if (this.language.startsWith("en") || !number) return name;
    try {
      const region = new Intl.Locale(`und-${number}`).region;
      return new Intl.DisplayNames(this.language, { type: "region", fallback: "none" }).of(region) ?? name;
    } catch {
      return name;
    }
  }

  count(value) {
    return value > 0 && value < 0.5 ? this.words.under_one : this.numbers.format(rounded(value));
  }

  span(low, high) {
    const [a, b] = [this.count(low), this.count(high)];
    return a === b ? a : fill(this.words.to, { a, b });
  }

  /** `about 220 (140 to 310)`; without the range where there is none. */
  about([middle, low, high]) {
    const n = this.count(middle), range = this.span(low, high);
    return n === range ? n : fill(this.words.about, { n, range });
  }

  /** An interval: a date, or the first and last of its days. */
  date([first, length], format = this.days) {
    const start = new Date(first * DAY);
    return length <= 1 ? format.format(start) : format.formatRange(start, new Date((first + length - 1) * DAY));
  }
}

/* ---------- series ---------- */

const NOTHING = [0, 0, 0];

/** [middle, 5 %, 95 %] in an interval. */
function read(series, step) {
  if (!series) return NOTHING;
  const i = step - series[0];
  return i < 0 || i >= series[1].length ? NOTHING : [series[1][i], series[2][i], series[3][i]];
}

const most = (series) => (series ? Math.max(0, ...series[1]) : 0);

/** Between the ends of two intervals, for a picture that moves. */
function between(series, step, part) {
  const after = read(series, step)[0];
  return part >= 1 ? after : read(series, step - 1)[0] * (1 - part) + after * part;
}

/** Who set out and came along a link when: [step of setting out, step of coming, people], first come first. */
function cohorts(series, steps) {
  const found = [], line = [];
  let before = 0;
  for (let step = 0; step < steps; step += 1) {
    let came = read(series.travelled, step)[0];
    const still = read(series.travelling, step)[0];
    line.push([step, Math.max(0, came + still - before)]);
    before = still;
    while (came > 0.001 && line.length) {
      const people = Math.min(came, line[0][1]);
      if (people > 0.001) found.push([line[0][0], step, people]);
      came -= people;
      line[0][1] -= people;
      if (line[0][1] <= 0.001) line.shift();
    }
  }
  for (const [start, people] of line) if (people > 0.001) found.push([start, steps, people]);
  return found;
}

/* ---------- where things stand on paper ---------- */

const overlap = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]))
  * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

/** Spots for a label around a place: beside it first, then farther away. */
function* spots(x, y, radius, wide, high) {
  let ring = 0;
  for (const distance of [3, 14, 30, 50, 76, 108, 146]) {
    const reach = radius + distance, slant = reach * 0.75;
    const corners = [
      [x + reach, y - high / 2], [x - reach - wide, y - high / 2], [x + slant, y + slant], [x - slant - wide, y + slant],
      [x + slant, y - slant - high], [x - slant - wide, y - slant - high], [x - wide / 2, y + reach],
      [x - wide / 2, y - reach - high], [x - wide * 0.2, y + reach], [x - wide * 0.8, y + reach],
      [x - wide * 0.2, y - reach - high], [x - wide * 0.8, y - reach - high],
    ];
    for (const [order, [left, top]] of corners.entries()) {
      yield { cost: ring * 20 + order, order: ring * 12 + order, reach: distance, box: [left, top, left + wide, top + high], leader: ring > 0 };
    }
    ring += 1;
  }
}

/* ---------- the element ---------- */

const STYLE = `
:host { display: block; color: var(--ink); font: 15px/1.4 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif;
  --ink: #16212b; --soft: #56626c; --paper: #fff; --tint: #eef2f5; --line: #c3ccd3; --link: #0b4f8a; --bar: #0b5c99; }
:host([data-theme="dark"]) { --ink: #eef2f5; --soft: #aab6bf; --paper: #12181d; --tint: #1d262d; --line: #46525c;
  --link: #8cc4f5; --bar: #6cb8ff; }
* { box-sizing: border-box; }
.frame { border: 1px solid var(--line); border-radius: 6px; background: var(--paper); overflow: hidden; }
.top { display: grid; }
.stage { position: relative; min-width: 0; touch-action: pan-y; cursor: grab; outline-offset: -3px; }
.stage.drag { cursor: grabbing; }
.stage canvas { display: block; width: 100%; height: auto; }
.tip { position: absolute; pointer-events: none; max-width: 17rem; padding: .3rem .55rem; border-radius: 4px; font-size: 13px;
  background: var(--paper); color: var(--ink); border: 1px solid var(--line); box-shadow: 0 1px 5px rgba(0,0,0,.25); }
.zoom { position: absolute; right: 8px; top: 8px; display: grid; gap: 4px; }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
.zoom button { width: 32px; height: 32px; padding: 0; font-size: 17px; line-height: 1; }
.zoom [aria-pressed="true"] { background: var(--link); color: var(--paper); }
button:focus-visible, select:focus-visible, input:focus-visible, .stage:focus-visible, .list:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
.stage:focus-visible { outline-offset: -3px; }
.time { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .3rem .7rem; align-items: center; padding: .55rem .7rem; border-top: 1px solid var(--line); }
.play { min-width: 6.2rem; height: 42px; padding: 0 .7rem; font-weight: 700; background: var(--link); color: var(--paper); border-color: var(--link); display: inline-flex; align-items: center; justify-content: center; gap: .45rem; }
.play svg { width: 14px; height: 14px; fill: currentColor; }
.track { min-width: 0; position: relative; height: 42px; }
.track svg { position: absolute; left: 8px; right: 8px; top: 0; width: calc(100% - 16px); height: 22px; display: block; fill: var(--bar); opacity: .45; }
.track input { position: absolute; left: 0; bottom: 0; width: 100%; margin: 0; height: 22px; accent-color: var(--link); cursor: pointer; }
.ends { grid-column: 2; display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); margin-top: -.35rem; }
.side { display: flex; gap: .4rem; align-items: center; }
.side select { height: 42px; padding: 0 .3rem; max-width: 9.5rem; }
.side button { width: 34px; height: 42px; padding: 0; }
.said { padding: .1rem .7rem .5rem; margin: 0; }
.said strong { font-size: 1.1em; }
.key { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0; padding: .5rem .7rem; border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
.key li { display: inline-flex; align-items: center; gap: .4rem; }
.key canvas { width: 16px; height: 16px; flex: none; }
.key .note { flex-basis: 100%; }
.list { border-top: 1px solid var(--line); max-height: 19rem; overflow-y: auto; background: var(--tint); }
.list h3 { margin: 0; padding: .45rem .7rem .25rem; font-size: 13px; color: var(--soft); font-weight: 700; }
.list ul { list-style: none; margin: 0; padding: 0; }
.row { width: 100%; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .6rem; text-align: left; padding: .32rem .7rem; border: 0; border-radius: 0; background: none; }
.row:hover { background: var(--paper); }
.row:focus-visible { outline-offset: -3px; }
.row[aria-expanded="true"] { background: var(--paper); font-weight: 700; }
.row .n { text-align: right; font-variant-numeric: tabular-nums; }
.row small { grid-column: 1 / -1; color: var(--soft); font-weight: 400; font-size: 12.5px; line-height: 1.3; }
.row i { grid-column: 1 / -1; height: 3px; background: var(--bar); border-radius: 2px; min-width: 1px; transform-origin: 0 0; }
.more { padding: .2rem .7rem .7rem; background: var(--paper); font-size: 13.5px; }
.more dl { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .15rem .6rem; margin: .2rem 0; }
.more dt { color: var(--soft); line-height: 1.25; } .more dd { margin: 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.more svg { width: 100%; height: 54px; display: block; overflow: visible; }
.more .band { fill: var(--bar); opacity: .25; } .more .mid { fill: none; stroke: var(--bar); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.more .now { stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; }
.more figcaption { font-size: 12px; color: var(--soft); display: flex; justify-content: space-between; gap: .5rem; }
.more figure { margin: .3rem 0 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
:host([data-wide]) .top { grid-template-columns: minmax(0, 1fr) 17.5rem; }
:host([data-wide]) .list { border-top: 0; border-left: 1px solid var(--line); max-height: none; height: 0; min-height: 100%; }
:host([data-small]) .time { grid-template-columns: auto minmax(0, 1fr); padding: .5rem; }
:host([data-small]) .track, :host([data-small]) .ends { grid-column: 1 / -1; }
:host([data-small]) .track { grid-row: 1; } :host([data-small]) .ends { grid-row: 2; }
:host([data-small]) .side { justify-content: flex-end; }
:host([data-small]) .list { max-height: 15rem; }
@media print {
  :host, :host([data-theme]) { --ink: #000; --soft: #333; --paper: #fff; --tint: #fff; --line: #999; --bar: #444; }
  .time, .zoom, .tip, .row i { display: none; }
  .list, :host([data-wide]) .list { height: auto; max-height: none; overflow: visible; border-top: 1px solid var(--line); border-left: 0; min-height: 0; }
  :host([data-wide]) .top { grid-template-columns: minmax(0, 1fr); }
  .list ul { columns: 2; } .list li { break-inside: avoid; } .frame { border-radius: 0; }
}
`;

const MARKUP = `
<div class="frame">
  <div class="top">
    <div>
      <div class="stage" tabindex="0" role="application">
        <canvas></canvas>
        <div class="tip" hidden></div>
        <div class="zoom">
          <button type="button" data-do="nearer">+</button><button type="button" data-do="farther">−</button>
          <button type="button" data-do="whole">⤢</button><button type="button" data-do="follow" aria-pressed="false">◎</button>
        </div>
      </div>
      <div class="time" role="group">
        <button type="button" class="play" data-do="play"><svg viewBox="0 0 14 14" aria-hidden="true"><path/></svg><span></span></button>
        <div class="track"><svg preserveAspectRatio="none" aria-hidden="true"><path/></svg><input type="range" min="0" step="1"></div>
        <div class="side"><button type="button" data-do="before">‹</button><button type="button" data-do="after">›</button><select></select></div>
        <div class="ends" aria-hidden="true"><span></span><span></span></div>
      </div>
      <p class="said" aria-live="polite"></p>
    </div>
    <div class="list" role="group"><h3></h3><ul></ul><h3></h3><ul></ul><h3></h3><ul></ul></div>
  </div>
  <ul class="key"></ul>
</div>`;

const PLAY = "M2 0v14l11-7z", PAUSE = "M1 0h4v14H1zM9 0h4v14H9z";

class FlowMap extends HTMLElement {
  #data = null;
  #step = 0;
  #part = 1;
  #playing = false;
  #speed = 1;
  #chosen = -1;
  #pointed = null;
  #view = null;
  #target = null;
  #printing = false;
  #touched = false;
  #follow = false;
  #stale = { ground: true, labels: true };
  #listening = null;

  static observedAttributes = ["theme", "date"];

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#listen();
    if (!this.#data) {
      const script = this.querySelector('script[type="application/json"]');
      if (script) this.data = JSON.parse(script.textContent);
    }
  }

  disconnectedCallback() {
    this.pause();
    this.#listening?.abort();
    this.#resize?.disconnect();
  }

  attributeChangedCallback(name) {
    if (!this.#data) return;
    if (name === "theme") this.#recolour();
    else this.date = this.getAttribute("date");
  }

  /** The data as from flow_map_data; setting others keeps date and place where they are in both. */
  get data() {
    return this.#data;
  }

  set data(data) {
    const date = this.#data && this.#touched ? this.date : this.getAttribute("date");
    const kept = this.#data && data && this.#view && JSON.stringify(this.#data.places.map((p) => p.at))
      === JSON.stringify(data.places.map((p) => p.at));
    this.pause();
    this.#data = data;
    this.#chosen = -1;
    this.#pointed = null;
    if (!this.shadowRoot) this.#build();
    this.#prepare();
    if (!kept) this.#view = null;
    this.#step = 0;
    this.#part = 1;
    if (date) this.#step = this.#stepOf(date);
    this.#recolour();
    this.#show();
  }

  /** First day of the interval that is shown, as YYYY-MM-DD. */
  get date() {
    return this.#data ? new Date(this.#data.intervals[this.#step][0] * DAY).toISOString().slice(0, 10) : null;
  }

  set date(date) {
    if (this.#data && date) this.#go(this.#stepOf(date));
  }

  get playing() {
    return this.#playing;
  }

  play() {
    if (this.#playing || !this.#data) return;
    if (this.#step >= this.#data.intervals.length - 1) this.#step = 0;
    this.#touched = true;
    this.#playing = true;
    this.#part = this.#still.matches ? 1 : 0;
    this.#said.setAttribute("aria-live", "off");
    this.#buttons();
    this.#show();
    let last = performance.now(), waited = 0;
    const tick = (now) => {
      if (!this.#playing) return;
      const passed = Math.min((now - last) / 1000, 0.25) * this.#speed;
      last = now;
      if (this.#still.matches) {
        waited += passed;
        if (waited >= 1) {
          waited = 0;
          this.#next();
        }
      } else {
        this.#part += passed;
        if (this.#part >= 1) {
          this.#part -= 1;
          this.#next();
        }
        this.#draw();
      }
      this.frames = (this.frames || 0) + 1;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#part = 1;
    this.#said.setAttribute("aria-live", "polite");
    this.#buttons();
    this.#show();
  }

  #next() {
    if (this.#step >= this.#data.intervals.length - 1) {
      this.#part = 1;
      this.pause();
      return;
    }
    this.#step += 1;
    this.#show();
  }

  /* ----- building ----- */

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(document.createRange().createContextualFragment(MARKUP));
    const one = (selector) => root.querySelector(selector);
    this.#stage = one(".stage");
    this.#canvas = one(".stage canvas");
    this.#tip = one(".tip");
    this.#slider = one("input");
    this.#said = one(".said");
    this.#list = one(".list");
    this.#ground = document.createElement("canvas");
    this.#labels = document.createElement("canvas");
  }

  #stage; #canvas; #tip; #slider; #said; #list; #ground; #labels; #resize;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #night = matchMedia("(prefers-color-scheme: dark)");

  #listen() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, event, what, options = {}) => target.addEventListener(event, what, { signal, ...options });
    on(this.shadowRoot, "click", (event) => {
      const button = event.composedPath().find((item) => item.dataset?.do);
      if (button) this.#act(button.dataset.do);
      const row = event.composedPath().find((item) => item.dataset?.place);
      if (row) this.#choose(Number(row.dataset.place), true);
    });
    on(this.#slider, "input", () => this.#go(Number(this.#slider.value)));
    on(this.shadowRoot.querySelector("select"), "change", (event) => {
      this.#speed = Number(event.target.value);
    });
    on(this.shadowRoot, "keydown", (event) => this.#key(event));
    on(this.#list, "focusin", (event) => this.#point(this.#rowOf(event.target)));
    on(this.#list, "pointerover", (event) => this.#point(this.#rowOf(event.target.closest("button"))));
    on(this.#list, "pointerleave", () => this.#point(null));
    on(this.#list, "focusout", () => this.#point(null));
    this.#pointers(on);
    on(this.#night, "change", () => this.#recolour());
    on(window, "beforeprint", () => this.#print(true));
    on(window, "afterprint", () => this.#print(false));
    this.#resize = new ResizeObserver(() => this.#fitPaper());
    this.#resize.observe(this);
  }

  /** The place or link that a row of the list tells of. */
  #rowOf(row) {
    if (row?.dataset.place) return { place: Number(row.dataset.place) };
    return row?.dataset.link ? { link: Number(row.dataset.link) } : null;
  }

  #act(what) {
    if (what === "play") this.#playing ? this.pause() : this.play();
    else if (what === "before" || what === "after") this.#go(this.#step + (what === "after" ? 1 : -1));
    else if (what === "nearer" || what === "farther") this.#zoom(what === "nearer" ? 1.6 : 1 / 1.6);
    else if (what === "follow") this.#setFollow(!this.#follow);
    else this.#whole();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = event.composedPath()[0];
    const pan = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    let done = true;
    if (event.key === " " && from.localName !== "button" && from.localName !== "select") this.#act("play");
    else if (event.key === "Escape" && this.#chosen >= 0) this.#choose(-1);
    else if (pan && from === this.#stage) this.#pan(...pan);
    else if (from.localName === "select") done = false;
    else if (event.key === "+" || event.key === "=") this.#act("nearer");
    else if (event.key === "-" || event.key === "_") this.#act("farther");
    else if (event.key === "0") this.#act("whole");
    else if (event.key === "f" || event.key === "F") this.#act("follow");
    else if (event.key === "," && from !== this.#slider) this.#act("before");
    else if (event.key === "." && from !== this.#slider) this.#act("after");
    else done = false;
    if (done) event.preventDefault();
  }

  #pointers(on) {
    const held = new Map();
    let moved = 0;
    const where = (event) => {
      const box = this.#stage.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    on(this.#canvas, "pointerdown", (event) => {
      if (event.button) return;
      held.set(event.pointerId, where(event));
      moved = 0;
      this.#canvas.setPointerCapture(event.pointerId);
    });
    on(this.#canvas, "pointermove", (event) => {
      const now = where(event);
      const before = held.get(event.pointerId);
      if (!before) {
        this.#point(this.#hit(...now), now);
        return;
      }
      const others = [...held].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      if (others.length) {
        const far = (a) => Math.hypot(a[0] - others[0][0], a[1] - others[0][1]) || 1;
        this.#zoom(far(now) / far(before), (now[0] + others[0][0]) / 2, (now[1] + others[0][1]) / 2);
        moved = 99;
      } else {
        moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
        if (moved > 4) {
          this.#stage.classList.add("drag");
          this.#pan(before[0] - now[0], before[1] - now[1]);
        }
      }
      held.set(event.pointerId, now);
    });
    const end = (event) => {
      if (!held.delete(event.pointerId)) return;
      this.#stage.classList.remove("drag");
      if (event.type === "pointerup" && moved <= 4) {
        const found = this.#hit(...where(event));
        if (found && found.place !== undefined) this.#choose(found.place, false);
        else if (found) this.#point(found, where(event));
        else this.#choose(-1);
      }
    };
    on(this.#canvas, "pointerup", end);
    on(this.#canvas, "pointercancel", end);
    on(this.#canvas, "pointerleave", () => held.size || this.#point(null));
    on(this.#canvas, "dblclick", (event) => this.#zoom(2, ...where(event)));
    on(this.#canvas, "wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls, unless asked to zoom
      event.preventDefault();
      this.#zoom(Math.exp(-event.deltaY / 200), ...where(event));
    }, { passive: false });
  }

  /** What follows from the data once: words, list, key, timeline, sizes of stacks. */
  #prepare() {
    const data = this.#data, { words } = data, root = this.shadowRoot;
    this.#speech = new Speech(data);
    this.#earth = new Ground(data.ground);
    this.#places = data.places.map((place, index) => ({
      ...place, index,
      x: place.at ? place.at[0] : null, y: place.at ? mercator(place.at[1]) : null,
      most: most(place.series.present),
      stacks: STACKS.filter((what) => place.series[what]).map((what) => {
        const marks = Math.max(1, Math.ceil(most(place.series[what]) / data.dot));
        const columns = Math.max(2, Math.min(12, Math.ceil(Math.sqrt(marks / 1.6))));
        return { what, columns, rows: Math.ceil(marks / columns) };
      }),
    }));
    const lanes = new Map();
    this.#links = data.links.map((link) => {
      const key = [link.from, link.to].join(">");
      lanes.set(key, (lanes.get(key) ?? -1) + 1);
      return { ...link, lane: lanes.get(key), cohorts: cohorts(link.series, data.intervals.length) };
    }).filter((link) => this.#places[link.from].at && this.#places[link.to].at);
    this.lang = data.language;
    this.#stage.setAttribute("aria-label", words.map);
    this.#stage.setAttribute("aria-describedby", "");
    root.querySelector(".time").setAttribute("aria-label", words.time);
    this.#list.setAttribute("aria-label", words.places);
    for (const [what, text] of Object.entries(words.actions)) {
      const button = root.querySelector(`[data-do="${what}"]`);
      button.setAttribute("aria-label", text);
      button.title = text;
    }
    const select = root.querySelector("select");
    select.setAttribute("aria-label", words.speed);
    select.replaceChildren(...SPEEDS.map((speed) => {
      const text = fill(words.speeds, { n: this.#speech.numbers.format(speed) });
      return new Option(text, speed, speed === this.#speed, speed === this.#speed);
    }));
    this.#slider.max = data.intervals.length - 1;
    this.#slider.setAttribute("aria-label", words.date);
    const ends = root.querySelectorAll(".ends span");
    ends[0].textContent = this.#speech.date(data.intervals[0], this.#speech.short);
    ends[1].textContent = this.#speech.date(data.intervals.at(-1), this.#speech.short);
    this.#timeline();
    this.#rows();
    this.#keys();
    this.#buttons();
  }

  #speech; #earth; #places = []; #links = [];

  /** How many people come along links, over the slider. */
  #timeline() {
    const { intervals } = this.#data;
    const moving = intervals.map(([, days], step) =>
      this.#links.reduce((sum, link) => sum + read(link.series.travelled, step)[0] + read(link.series.travelling, step)[0], 0) / days);
    const top = Math.max(...moving, 1);
    const svg = this.shadowRoot.querySelector(".track svg");
    svg.setAttribute("viewBox", `0 0 ${Math.max(intervals.length - 1, 1)} 1`);
    const bars = moving.map((n, i) => `M${i - 0.42} 1v${-(n / top).toFixed(3)}h.84v${(n / top).toFixed(3)}z`);
    svg.firstElementChild.setAttribute("d", bars.join(""));
  }

  #rows() {
    const groups = this.#list.querySelectorAll("ul"), heads = this.#list.querySelectorAll("h3");
    for (const [i, text] of ["on_map", "on_way", "off_map"].entries()) {
      heads[i].textContent = this.#data.words[text];
      groups[i].replaceChildren();
    }
    const add = (name, key, index, group) => {
      const item = document.createElement("li");
      item.append(document.createRange().createContextualFragment('<button type="button" class="row"><span></span><span class="n"></span><small></small><i></i></button><div class="more" hidden></div>'));
      item.firstChild.dataset[key] = index;
      item.firstChild.firstChild.textContent = name;
      group.append(item);
      return item;
    };
    for (const place of this.#places) place.item = add(place.name, "place", place.index, groups[place.at ? 0 : 2]);
    for (const [index, link] of this.#links.entries()) link.item = add(this.#linkName(link), "link", index, groups[1]);
  }

  #keys() {
    const { words, dot, runs } = this.#data;
    const shown = ["moving", ...STACKS.filter((what) => this.#places.some((place) => place.at && place.series[what])), "present"];
    const key = this.shadowRoot.querySelector(".key");
    key.replaceChildren(...shown.map((what) => {
      const item = document.createElement("li");
      const swatch = document.createElement("canvas");
      swatch.dataset.what = what;
      swatch.setAttribute("aria-hidden", "true");
      item.append(swatch, words.key[what]);
      return item;
    }));
    const note = document.createElement("li");
    note.className = "note";
    const of = (text) => fill(text, { n: this.#speech.numbers.format(dot), runs: this.#speech.numbers.format(runs) });
    note.textContent = [of(dot === 1 ? words.one_dot : words.dots), words.when, of(runs === 1 ? words.one_run : words.runs), this.#data.note].filter(Boolean).join(" ");
    key.append(note);
  }

  #swatches() {
    const ratio = Math.min(2, devicePixelRatio || 1);
    for (const swatch of this.shadowRoot.querySelectorAll(".key canvas")) {
      swatch.width = swatch.height = 16 * ratio;
      const pen = swatch.getContext("2d");
      pen.scale(ratio, ratio);
      const { what } = swatch.dataset, colours = this.#colours;
      if (what === "present") this.#circle(pen, 8, 8, 7);
      else if (what === "moving") {
        pen.fillStyle = colours.moving;
        pen.beginPath();
        for (const [x, y] of [[3, 11], [8, 6], [13, 9]]) pen.moveTo(x + 2.2, y), pen.arc(x, y, 2.2, 0, 7);
        pen.fill();
      } else this.#marks(pen, what, 2, 14, 3, 9, 4.4);
    }
  }

  /* ----- state ----- */

  #stepOf(date) {
    const day = Date.parse(`${date}T00:00:00Z`) / DAY;
    const found = this.#data.intervals.findIndex(([first, length]) => day < first + length);
    return found < 0 ? this.#data.intervals.length - 1 : found;
  }

  #go(step) {
    const next = Math.max(0, Math.min(this.#data.intervals.length - 1, step));
    this.#touched = true;
    this.#part = this.#playing && !this.#still.matches ? 0 : 1;
    this.#step = next;
    this.#show();
  }

  /** Choose a place (-1: none), open its numbers, and tell the page. */
  #choose(index, toggle = false) {
    this.#chosen = toggle && index === this.#chosen ? -1 : index;
    this.#stale.labels = true;
    this.#panel();
    this.#draw();
    const chosen = this.#places[this.#chosen];
    if (chosen && !toggle) {
      const { item } = chosen;
      this.#list.scrollTop = item.offsetTop - this.#list.offsetTop - 40;
    }
    this.dispatchEvent(new CustomEvent("posada-place", { detail: { id: chosen?.id ?? null }, bubbles: true, composed: true }));
  }

  #point(found, at) {
    if (found?.place === this.#pointed?.place && found?.link === this.#pointed?.link && !found) return;
    this.#pointed = found;
    this.#stale.labels = true;
    this.#tip.hidden = !found || !at;
    if (found && at) {
      this.#tip.textContent = found.place !== undefined ? this.#placeInWords(this.#places[found.place]) : this.#linkInWords(this.#links[found.link]);
      const left = at[0] > this.#wide / 2;
      Object.assign(this.#tip.style, {
        left: left ? "" : `${at[0] + 14}px`, right: left ? `${this.#wide - at[0] + 14}px` : "",
        top: at[1] > this.#high / 2 ? "" : `${at[1] + 10}px`, bottom: at[1] > this.#high / 2 ? `${this.#high - at[1] + 10}px` : "",
      });
    }
    if (!this.#playing) this.#draw();
  }

  #setFollow(on) {
    this.#follow = on;
    this.shadowRoot.querySelector('[data-do="follow"]').setAttribute("aria-pressed", String(on));
    this.#target = null;
    if (on) this.#aim();
    else this.#whole();
  }

  #buttons() {
    const button = this.shadowRoot.querySelector(".play"), { words } = this.#data;
    const text = this.#playing ? words.pause : words.play;
    button.querySelector("path").setAttribute("d", this.#playing ? PAUSE : PLAY);
    button.querySelector("span").textContent = text;
    button.removeAttribute("aria-label");
    button.title = words.actions.play;
  }

  /** A date has come: everything that is told about it. */
  #show() {
    if (!this.#data) return;
    const { intervals } = this.#data;
    this.#slider.value = this.#step;
    this.#slider.setAttribute("aria-valuetext", this.#speech.date(intervals[this.#step]));
    const [date, text] = this.#inWords();
    const strong = document.createElement("strong");
    strong.textContent = date;
    this.#said.replaceChildren(strong, ` ${text}`);
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `${this.#data.title}. ${date} ${text}`);
    this.#stale.labels = true;
    if (this.#follow) this.#aim();
    this.#panel();
    this.#draw();
    this.dispatchEvent(new CustomEvent("posada-date", { detail: { date: this.date }, bubbles: true, composed: true }));
  }

  /* ----- words ----- */

  /** The date, and where most people are, who moves, who waits and who has no bed. */
  #inWords() {
    const { words } = this.#data, step = this.#step, tell = this.#speech;
    const here = this.#places.filter((place) => place.at);
    const places = here.map((place) => [read(place.series.present, step), words.at, { place: place.name }]);
    const on = this.#links.map((link) => [this.#moving(link)[1], words.on_the_way, { link: this.#linkName(link) }]);
    const came = this.#links.map((link) => [this.#moving(link)[0], words.came, { link: this.#linkName(link) }]);
    const most = (items, number) => items.filter(([n]) => n[0] >= 0.5).sort((a, b) => b[0][0] - a[0][0]).slice(0, number);
    const chosen = [...most([...places, ...on], 3), ...most(came, 2)];
    for (const what of ["waiting", "no_bed"]) {
      chosen.push(...most(here.map((place) => [read(place.series[what], step), words[`${what}_at`], { place: place.name }]), 1));
    }
    const said = chosen.map(([n, text, names]) => fill(text, { ...names, n: tell.about(n) }));
    return [`${tell.date(this.#data.intervals[step])}.`, said.join(" ") || words.nobody];
  }

  /** Who came along a link in the interval shown, and who is on it at its end. */
  #moving(link) {
    return [read(link.series.travelled, this.#step), read(link.series.travelling, this.#step)];
  }

  #linkName(link) {
    const { words } = this.#data;
    const ends = { a: this.#places[link.from].name, b: this.#places[link.to].name, mode: link.mode };
    return fill(link.mode ? words.link_by : words.link, ends);
  }

  #linkInWords(link) {
    const { words } = this.#data, [came, still] = this.#moving(link);
    const some = [came[0] >= 0.5 || still[0] < 0.5 ? [words.came, came] : null, still[0] >= 0.5 ? [words.on_the_way, still] : null];
    return some.filter(Boolean).map(([text, n]) => fill(text, { link: this.#linkName(link), n: this.#speech.about(n) })).join(" ");
  }

  #placeInWords(place) {
    const { words } = this.#data;
    const parts = ["present", ...STACKS].filter((what) => place.series[what] && (what === "present" || read(place.series[what], this.#step)[2] >= 0.5))
      .map((what) => `${words.states[what]}: ${this.#speech.about(read(place.series[what], this.#step))}`);
    return `${place.name}. ${parts.join("; ")}.`;
  }

  /** The list: numbers of the date shown, for eyes, fingers and screen readers alike. */
  #panel() {
    const { words, dot } = this.#data, tell = this.#speech, step = this.#step;
    const top = Math.max(1, ...this.#places.map((place) => place.most));
    const focused = this.shadowRoot.activeElement;
    const show = (item, n, notes, keep) => {
      const row = item.firstChild;
      item.hidden = n[0] < 0.5 && n[2] < Math.max(dot / 2, 0.5) && !notes.length && !keep && focused !== row;
      if (item.hidden) return;
      row.children[1].textContent = tell.count(n[0]);
      const range = tell.span(n[1], n[2]);
      row.children[2].textContent = [range === tell.count(n[0]) ? "" : range, ...notes].filter(Boolean).join(" · ");
      row.children[3].style.transform = `scaleX(${Math.max(n[0] / top, 0).toFixed(3)})`;
    };
    for (const place of this.#places) {
      const chosen = place.index === this.#chosen;
      const others = STACKS.filter((what) => place.series[what] && read(place.series[what], step)[0] >= 0.5);
      const notes = others.map((what) => `${words.states[what]} ${tell.count(read(place.series[what], step)[0])}`);
      show(place.item, read(place.series.present, step), notes, chosen);
      place.item.firstChild.setAttribute("aria-expanded", String(chosen));
      place.item.lastChild.hidden = !chosen;
      if (chosen) this.#more(place, place.item.lastChild);
    }
    for (const link of this.#links) {
      const [came, still] = this.#moving(link), [n, text] = still[0] > came[0] ? [still, words.still_short] : [came, words.came_short];
      show(link.item, n, n[0] >= 0.5 ? [text] : [], false);
    }
    for (const list of this.#list.querySelectorAll("ul")) {
      list.previousElementSibling.hidden = [...list.children].every((item) => item.hidden);
    }
  }

  /** All numbers of one place on the date shown, and its people over time. */
  #more(place, box) {
    const { words, intervals } = this.#data, tell = this.#speech;
    const terms = document.createElement("dl");
    const add = (name, series) => {
      const n = read(series, this.#step);
      const term = document.createElement("dt"), number = document.createElement("dd");
      const range = tell.span(n[1], n[2]), middle = tell.count(n[0]);
      term.textContent = name;
      number.textContent = range === middle ? middle : `${middle} (${range})`;
      terms.append(term, number);
    };
    if (place.series.present) add(words.states.present, place.series.present);
    for (const facility of place.facilities) {
      for (const [what, series] of Object.entries(facility.series)) {
        if (read(series, this.#step)[2] >= 0.5) add(`${facility.name}: ${words.of_facility[what]}`, series);
      }
    }
    const series = place.series.present || Object.values(place.series)[0];
    const parts = [terms];
    if (series) {
      const figure = document.createElement("figure");
      const top = Math.max(...series[3], 1), end = Math.max(intervals.length - 1, 1);
      const y = (value) => (1 - value / top).toFixed(3);
      const line = (values, back) => {
        const points = values.map((value, i) => `${series[0] + i},${y(value)}`);
        return (back ? points.reverse() : points).join("L");
      };
      figure.append(document.createRange().createContextualFragment(
        `<svg viewBox="0 0 ${end} 1" preserveAspectRatio="none" aria-hidden="true"><path class="band" d="M${line(series[3])}L${line(series[2], true)}Z"/>`
        + `<path class="mid" d="M${line(series[1])}"/><path class="now" d="M${this.#step},0V1"/></svg><figcaption><span></span><span></span></figcaption>`));
      const [left, right] = figure.querySelectorAll("figcaption span");
      left.textContent = words.over_time;
      right.textContent = fill(words.up_to, { n: tell.count(top) });
      parts.push(figure);
    }
    box.replaceChildren(...parts);
  }

  /* ----- view ----- */

  #wide = 0; #high = 0; #ratio = 1;

  #fitPaper() {
    if (!this.#data) return;
    const whole = this.getBoundingClientRect().width;
    if (!whole) return;
    if (!this.#printing) {
      this.toggleAttribute("data-wide", whole >= 860);
      this.toggleAttribute("data-small", whole < 560);
    }
    const wide = this.#printing ? PAPER : this.#stage.clientWidth;
    const [w, s, e, n] = this.#bounds(this.#places.filter((place) => place.at));
    const shape = Math.max(wide < 560 ? 0.9 : 0.56, Math.min(wide < 560 ? 1.1 : 0.72, (n - s) / (e - w)));
    const high = Math.round(Math.max(260, Math.min(wide * shape, 640)));
    const ratio = this.#printing ? 2 : Math.min(2, devicePixelRatio || 1, Math.max(1, Math.sqrt(MOST_PIXELS / wide / high)));
    if (wide === this.#wide && high === this.#high && ratio === this.#ratio && this.#view) return;
    const scaled = this.#view && this.#wide ? wide / this.#wide : 0;
    [this.#wide, this.#high, this.#ratio] = [wide, high, ratio];
    for (const canvas of [this.#canvas, this.#ground, this.#labels]) {
      canvas.width = Math.round(wide * ratio);
      canvas.height = Math.round(high * ratio);
    }
    if (scaled && this.#moved) this.#view.scale *= scaled;
    else this.#view = this.#fit();
    this.#stale = { ground: true, labels: true };
    this.#swatches();
    this.#draw();
  }

  #moved = false;

  #bounds(places) {
    const xs = places.map((place) => place.x), ys = places.map((place) => place.y);
    return places.length ? [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] : [-170, -55, 190, 80];
  }

  /** A view that holds places, with room around them for stacks and names. */
  #fit(places = this.#places.filter((place) => place.at), least = 0.7) {
    const [w, s, e, n] = this.#bounds(places);
    const across = Math.max(e - w, least), down = Math.max(n - s, least * 0.7);
    const margin = Math.min(this.#wide, this.#high) * 0.14 + 10;
    const scale = Math.min((this.#wide - 2 * margin) / across, (this.#high - 2 * margin) / down);
    return { x: (w + e) / 2, y: (s + n) / 2, scale };
  }

  #whole() {
    if (this.#follow) this.#setFollow(false);
    this.#moved = false;
    this.#glide(this.#fit());
  }

  /** Where those are who are present now or soon, for a view that goes with them. */
  #aim() {
    const near = this.#places.filter((place) => place.at && [0, 1, 2].some((ahead) =>
      read(place.series.present, this.#step + ahead)[0] > 0.1 * Math.max(...this.#places.map((other) => (other.at ? read(other.series.present, this.#step + ahead)[0] : 0)), 1)));
    if (near.length) {
      this.#moved = true;
      this.#glide(this.#fit(near, 2.2));
    }
  }

  /** Move to a view: at once, or in steps that the drawing makes. */
  #glide(view) {
    if (this.#still.matches) {
      this.#view = view;
      this.#stale = { ground: true, labels: true };
      this.#draw();
      return;
    }
    const gliding = this.#target;
    this.#target = view;
    if (gliding) return;
    let last = performance.now();
    const tick = (now) => {
      if (!this.#target) return;
      const part = 1 - Math.exp(-(now - last) / 160), to = this.#target, view = this.#view;
      last = now;
      view.x += (to.x - view.x) * part;
      view.y += (to.y - view.y) * part;
      view.scale *= (to.scale / view.scale) ** part;
      const near = Math.abs(to.x - view.x) * to.scale < 0.4 && Math.abs(to.y - view.y) * to.scale < 0.4 && Math.abs(to.scale / view.scale - 1) < 0.002;
      if (near) {
        this.#view = { ...to };
        this.#target = null;
      }
      this.#stale = { ground: true, labels: true };
      if (!this.#playing) this.#draw();
      if (!near) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  #pan(dx, dy) {
    this.#target = null;
    this.#moved = true;
    this.#view.x += dx / this.#view.scale;
    this.#view.y -= dy / this.#view.scale;
    this.#stale = { ground: true, labels: true };
    this.#draw();
  }

  #zoom(by, x = this.#wide / 2, y = this.#high / 2) {
    this.#target = null;
    this.#moved = true;
    const view = this.#view;
    const scale = Math.max(this.#wide / 360, Math.min(3000, view.scale * by));
    const across = (x - this.#wide / 2), down = (y - this.#high / 2);
    view.x += across / view.scale - across / scale;
    view.y -= down / view.scale - down / scale;
    view.scale = scale;
    this.#stale = { ground: true, labels: true };
    this.#draw();
  }

  #on(x, y) {
    return [(x - this.#view.x) * this.#view.scale + this.#wide / 2, (this.#view.y - y) * this.#view.scale + this.#high / 2];
  }

  /** What lies under a point: a place within a finger's reach, else a link along which people come. */
  #hit(x, y) {
    let best = null, least = 24;
    for (const place of this.#places) {
      if (!place.at) continue;
      const [px, py] = this.#on(place.x, place.y);
      const stack = this.#boxes.get(place.index);
      const inStack = stack && x >= stack[0] && x <= stack[2] && y >= stack[1] && y <= stack[3];
      const far = inStack ? 8 : Math.hypot(px - x, py - y);
      if (far < least) [best, least] = [{ place: place.index }, far];
    }
    if (best) return best;
    least = 8;
    for (const [index, link] of this.#links.entries()) {
      if (this.#moving(link).every(([middle]) => middle <= 0)) continue;
      const curve = this.#curve(link);
      for (let p = 0; p <= 1; p += 0.05) {
        const [cx, cy] = along(curve, p);
        const far = Math.hypot(cx - x, cy - y);
        if (far < least) [best, least] = [{ link: index }, far];
      }
    }
    return best;
  }

  /* ----- drawing ----- */

  get #colours() {
    return COLOURS[this.#printing ? "print" : this.dataset.theme === "dark" ? "dark" : "light"];
  }

  #recolour() {
    const asked = this.getAttribute("theme");
    this.dataset.theme = asked === "dark" || asked === "light" ? asked : this.#night.matches ? "dark" : "light";
    this.#stale = { ground: true, labels: true };
    if (!this.#view) this.#fitPaper();
    this.#swatches();
    this.#draw();
  }

  /** A still for paper: black on white; if nobody moved the slider, of the day with most people waiting or in shelters. */
  #print(on) {
    if (!this.#data || on === this.#printing) return;
    this.pause();
    if (on && !this.#touched) {
      const busy = this.#data.intervals.map((_, step) => this.#places.reduce((sum, place) =>
        sum + (place.at ? read(place.series.waiting, step)[0] + read(place.series.sheltered, step)[0] : 0), 0));
      this.#before = this.#step;
      this.#step = Math.max(0, busy.indexOf(Math.max(...busy)));
    } else if (!on && this.#before !== null) {
      this.#step = this.#before;
      this.#before = null;
    }
    this.#printing = on;
    this.#stale = { ground: true, labels: true };
    this.#fitPaper();
    this.#swatches();
    this.#show();
  }

  #before = null;

  #draw() {
    if (!this.#data || !this.#view || !this.#wide) return;
    const now = performance.now(), hurried = this.#target && now - this.#groundAt < 150;
    if (this.#stale.ground && !hurried) {
      this.#drawGround();
      this.#groundAt = now;
      this.#groundView = { ...this.#view };
      this.#stale.ground = false;
    }
    if (this.#stale.labels && !(hurried && this.#stale.ground)) {
      this.#drawLabels();
      this.#stale.labels = false;
    }
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    this.#paste(pen, this.#ground, this.#colours.sea);
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#drawPlaces(pen);
    this.#drawMoving(pen);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    this.#paste(pen, this.#labels);
  }

  /** A layer as it was drawn last; while the view glides it is stretched to where the view is now. */
  #paste(pen, layer, behind) {
    const then = this.#groundView, now = this.#view, by = now.scale / then.scale, { width, height } = layer;
    if (by === 1 && then.x === now.x && then.y === now.y) {
      pen.drawImage(layer, 0, 0);
      return;
    }
    if (behind) {
      pen.fillStyle = behind;
      pen.fillRect(0, 0, width, height);
    }
    const across = (then.x - now.x) * now.scale * this.#ratio, down = (now.y - then.y) * now.scale * this.#ratio;
    pen.drawImage(layer, width / 2 * (1 - by) + across, height / 2 * (1 - by) + down, width * by, height * by);
  }

  #groundAt = 0; #groundView = null;

  #drawGround() {
    const pen = this.#ground.getContext("2d"), colours = this.#colours, view = this.#view;
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.fillStyle = colours.sea;
    pen.fillRect(0, 0, this.#wide, this.#high);
    const half = [this.#wide / 2 / view.scale, this.#high / 2 / view.scale];
    const box = [view.x - half[0], view.y - half[1], view.x + half[0], view.y + half[1]];
    const countries = this.#earth.countries(box);
    const seen = (b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1];
    pen.beginPath();
    for (const { rings } of countries) {
      for (const { points, bounds } of rings) {
        if (!seen(bounds)) continue;
        let lastX = NaN, lastY = NaN;
        for (let i = 0; i < points.length; i += 2) {
          const x = (points[i] - view.x) * view.scale + this.#wide / 2, y = (view.y - points[i + 1]) * view.scale + this.#high / 2;
          if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.8) continue;
          i ? pen.lineTo(x, y) : pen.moveTo(x, y);
          [lastX, lastY] = [x, y];
        }
        pen.closePath();
      }
    }
    pen.fillStyle = colours.land;
    pen.fill("evenodd");
    pen.strokeStyle = colours.border;
    pen.lineWidth = 0.9;
    pen.lineJoin = "round";
    pen.stroke();
    pen.lineCap = "round";
    for (const link of this.#links) {
      const [a, c, b] = this.#curve(link);
      pen.strokeStyle = colours.route;
      pen.lineWidth = 1.4;
      pen.setLineDash(link.drawn ? [] : [5, 4]);
      pen.beginPath();
      pen.moveTo(...a);
      pen.quadraticCurveTo(...c, ...b);
      pen.stroke();
    }
    pen.setLineDash([]);
    this.#named = this.#countryNames(countries.filter((country) => country.rings.some((ring) => seen(ring.bounds))), box);
    this.#arrange();
    this.#bar(pen);
  }

  #named = []; #countryBoxes = [];

  /** Middle points of the parts of countries in view, from a grid of samples. */
  #countryNames(countries, box) {
    const found = [];
    const [across, down] = [14, 9];
    for (const country of countries) {
      const hits = [];
      for (let i = 0; i < across; i += 1) {
        for (let j = 0; j < down; j += 1) {
          const x = box[0] + (i + 0.5) / across * (box[2] - box[0]), y = box[1] + (j + 0.5) / down * (box[3] - box[1]);
          if (country.rings.reduce((odd, ring) => odd !== inside(ring, x, y), false)) hits.push([x, y]);
        }
      }
      if (hits.length < 4) continue;
      const mean = [0, 1].map((axis) => hits.reduce((sum, hit) => sum + hit[axis], 0) / hits.length);
      hits.sort((a, b) => Math.hypot(a[0] - mean[0], a[1] - mean[1]) - Math.hypot(b[0] - mean[0], b[1] - mean[1]));
      found.push({ name: this.#speech.country(country), hits: hits.slice(0, 30) });
    }
    return found;
  }

  /** On which side of its place the stacks stand: the same for every date, so that they do not jump. */
  #arrange() {
    const pitch = PITCH * this.#unit, taken = [this.#corners[0]], sides = new Map();
    const shown = this.#inView();
    const courses = this.#links.flatMap((link) => {
      const curve = this.#curve(link), length = Math.hypot(curve[2][0] - curve[0][0], curve[2][1] - curve[0][1]);
      const steps = Math.min(60, Math.ceil(length / 8));
      return Array.from({ length: steps }, (_, i) => along(curve, (i + 0.5) / steps));
    });
    for (const place of shown.filter((item) => item.stacks.length)) {
      let best = null;
      for (const [order, side] of ["right", "left", "above", "below"].entries()) {
        const box = this.#stackBox(place, side, this.#radius(place.most) * 0.7, place.stacks, pitch);
        const price = order * 6 + (this.#outside(box) ? 1e5 : 0) + taken.reduce((sum, other) => sum + overlap(box, other) * 5, 0)
          + shown.reduce((sum, { index, point: [x, y] }) => sum + (index === place.index ? 0 : overlap(box, [x - 5, y - 5, x + 5, y + 5]) * 2), 0)
          + courses.filter(([x, y]) => x > box[0] && x < box[2] && y > box[1] && y < box[3]).length * 4;
        if (!best || price < best.price) best = { price, box, side };
      }
      sides.set(place.index, best.side);
      taken.push(best.box);
    }
    this.#sides = sides;
    this.#stackBoxes = taken.slice(1);
  }

  #sides = new Map(); #stackBoxes = []; #boxes = new Map(); #labelled = []; #was = new Map();

  /** What stands in the corners of the map: buttons and the bar of kilometres. */
  get #corners() {
    return [[this.#wide - 44, 0, this.#wide, 156], [0, this.#high - 26, 150, this.#high]];
  }

  #outside(box) {
    return box[0] < 2 || box[1] < 2 || box[2] > this.#wide - 2 || box[3] > this.#high - 2;
  }

  /** Places in view with their points on paper, those with most people first. */
  #inView() {
    return this.#places.filter((place) => place.at).map((place) => ({ ...place, point: this.#on(place.x, place.y) }))
      .filter(({ point: [x, y] }) => x > -20 && y > -20 && x < this.#wide + 20 && y < this.#high + 20)
      .sort((a, b) => b.most - a.most);
  }

  /** The box of stacks beside a circle. */
  #stackBox(place, side, radius, stacks, pitch) {
    const [x, y] = this.#on(place.x, place.y);
    const wide = stacks.reduce((sum, stack) => sum + stack.columns * pitch + 4, -4);
    const high = Math.max(...stacks.map((stack) => stack.rows)) * pitch, gap = Math.max(radius, 3) + 4;
    const left = side === "right" ? x + gap : side === "left" ? x - gap - wide : x - wide / 2;
    const bottom = side === "above" ? y - gap : side === "below" ? y + gap + high : y + Math.min(gap, high / 2 + 4);
    return [left, bottom - high, left + wide, bottom];
  }

  /** Spots for names: first of places with people on the date shown, then of the others where there is room beside them. */
  #name(pen) {
    const step = this.#step, size = this.#wide < 480 ? 12 : 13, marked = this.#pointed?.place ?? this.#chosen;
    const shown = this.#inView().map((place) => ({ ...place, n: read(place.series.present, step)[0] }));
    shown.sort((a, b) => (b.index === marked) - (a.index === marked) || b.n - a.n || b.most - a.most);
    const circles = shown.map(({ n, point: [x, y] }) => {
      const r = Math.max(this.#radius(n), 4);
      return [x - r, y - r, x + r, y + r];
    });
    const taken = [...this.#corners, ...this.#countryBoxes], pitch = PITCH * this.#unit;
    for (const place of shown) {
      const stacks = place.stacks.filter(({ what }) => read(place.series[what], step)[0] >= 0.05);
      const real = stacks.map((stack) => ({ ...stack, rows: Math.max(1, Math.ceil(read(place.series[stack.what], step)[0] / this.#data.dot / stack.columns)) }));
      if (real.length) taken.push(this.#stackBox(place, this.#sides.get(place.index), this.#radius(place.n), real, pitch));
    }
    this.#labelled = [];
    const top = Math.max(1, ...shown.map((place) => place.n));
    for (const place of shown) {
      const [x, y] = place.point, some = place.n >= 0.5;
      const lines = some ? [place.name, this.#speech.count(place.n)] : [place.name];
      pen.font = `${some ? 600 : 400} ${size}px ${FONT}`;
      const wide = Math.max(...lines.map((line) => pen.measureText(line).width)) + 4, high = size * (lines.length === 2 ? 2.25 : 1.2);
      const radius = Math.min(Math.max(this.#radius(place.n), 4), 30);
      let best = null;
      for (const spot of spots(x, y, radius, wide, high)) {
        if (best && spot.cost > best.price) break;
        if (place.index !== marked && spot.reach > (!some ? (this.#wide < 480 ? 5 : 16) : place.n < top / 20 ? 32 : 110)) break;
        if (this.#outside(spot.box) || taken.some((other) => overlap(spot.box, other) > 0)) continue;
        const before = this.#was.get(place.index) === spot.order ? 15 : 0;
        const crossed = spot.leader ? this.#crossings(place.point, spot.box) * 30 : 0;
        const price = spot.cost - before + crossed + circles.reduce((sum, circle) => sum + overlap(spot.box, circle), 0) * 0.3;
        if (!best || price < best.price) best = { price, spot };
      }
      if (!best) continue;
      this.#was.set(place.index, best.spot.order);
      taken.push(best.spot.box);
      this.#labelled.push({ place, lines, some, size, radius, ...best.spot });
    }
  }

  /** How many names stand between a place and the box of its own. */
  #crossings([x, y], box) {
    const end = [Math.max(box[0], Math.min(x, box[2])), Math.max(box[1], Math.min(y, box[3]))];
    return this.#labelled.filter(({ box: [left, top, right, bottom] }) => [0.2, 0.4, 0.6, 0.8, 0.95].some((p) => {
      const [px, py] = [x + (end[0] - x) * p, y + (end[1] - y) * p];
      return px > left && px < right && py > top && py < bottom;
    })).length;
  }

  #bar(pen) {
    const colours = this.#colours, km = 111.32 * Math.cos(latitude(this.#view.y) * Math.PI / 180) / this.#view.scale;
    const target = km * Math.min(this.#wide / 5, 140), step = 10 ** Math.floor(Math.log10(target));
    const length = [5, 2, 1].map((n) => n * step).find((n) => n <= target);
    const y = this.#high - 10;
    pen.strokeStyle = colours.soft;
    pen.lineWidth = 1.3;
    pen.beginPath();
    pen.moveTo(10, y - 4);
    pen.lineTo(10, y);
    pen.lineTo(10 + length / km, y);
    pen.lineTo(10 + length / km, y - 4);
    pen.stroke();
    pen.fillStyle = colours.soft;
    pen.font = `12px ${FONT}`;
    pen.textBaseline = "alphabetic";
    pen.textAlign = "left";
    pen.fillText(`${this.#speech.numbers.format(length)} km`, 16 + length / km, y);
    this.#countryBoxes = [];
    const taken = [...this.#corners, ...this.#stackBoxes];
    for (const place of this.#inView()) {
      const [x, y] = place.point;
      taken.push([x - 24, y - 16, x + 24, y + 16]);
    }
    for (const link of this.#links) {
      const curve = this.#curve(link);
      for (let p = 0.1; p < 1; p += 0.1) {
        const [x, y] = along(curve, p);
        taken.push([x - 6, y - 6, x + 6, y + 6]);
      }
    }
    pen.fillStyle = colours.country;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const { name, hits } of this.#named) {
      const text = name.toUpperCase().split("").join("\u200a");
      const half = pen.measureText(text).width / 2 + 4;
      for (const hit of hits) {
        const [x, top] = this.#on(...hit);
        const box = [x - half, top - 9, x + half, top + 9];
        if (this.#outside(box) || taken.some((other) => overlap(box, other))) continue;
        pen.fillText(text, x, top);
        taken.push(box);
        this.#countryBoxes.push(box);
        break;
      }
    }
  }

  #drawLabels() {
    const pen = this.#labels.getContext("2d"), colours = this.#colours;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#labels.width, this.#labels.height);
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    this.#name(pen);
    for (const { place, lines, some, size, radius, box, leader } of this.#labelled) {
      const [x, y] = place.point;
      const right = box[2] < x + 2;
      const edge = right ? box[2] - 2 : box[0] + 2;
      if (leader) {
        const end = [Math.max(box[0], Math.min(x, box[2])), Math.max(box[1] + 2, Math.min(y, box[3] - 2))];
        const far = Math.hypot(end[0] - x, end[1] - y) || 1, from = Math.min(some ? radius : 3, far);
        pen.strokeStyle = colours.soft;
        pen.lineWidth = 0.8;
        pen.beginPath();
        pen.moveTo(x + (end[0] - x) / far * from, y + (end[1] - y) / far * from);
        pen.lineTo(...end);
        pen.stroke();
      }
      pen.textAlign = right ? "right" : "left";
      pen.strokeStyle = colours.halo;
      pen.lineWidth = 3;
      pen.fillStyle = some ? colours.ink : colours.soft;
      for (const [i, line] of lines.entries()) {
        pen.font = `${some && !i ? 600 : 400} ${size}px ${FONT}`;
        pen.strokeText(line, edge, box[1] + 1 + i * size * 1.12);
        pen.fillText(line, edge, box[1] + 1 + i * size * 1.12);
      }
    }
    const place = this.#places[this.#pointed?.place ?? this.#chosen], link = this.#links[this.#pointed?.link];
    pen.strokeStyle = colours.focus;
    pen.lineWidth = 3;
    pen.beginPath();
    if (place?.at) pen.arc(...this.#on(place.x, place.y), Math.max(this.#radius(read(place.series.present, this.#step)[0]), 5) + 4, 0, 7);
    if (link) {
      const [a, c, b] = this.#curve(link);
      pen.moveTo(...a);
      pen.quadraticCurveTo(...c, ...b);
    }
    pen.stroke();
  }

  /** Size of marks: smaller on small maps. */
  get #unit() {
    return this.#wide < 480 ? 0.62 : this.#wide < 700 ? 0.8 : 1;
  }

  /** A circle as large as the squares of as many people. */
  #radius(people) {
    return Math.sqrt(people / this.#data.dot / Math.PI) * PITCH * this.#unit;
  }

  #circle(pen, x, y, radius) {
    const colours = this.#colours;
    pen.fillStyle = colours.ring;
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 1.2;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.fill();
    pen.stroke();
  }

  #drawPlaces(pen) {
    const colours = this.#colours, step = this.#step, part = this.#part;
    const shown = this.#places.filter((place) => place.at);
    pen.fillStyle = colours.ring;
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const place of shown) {
      const [x, y] = this.#on(place.x, place.y), radius = this.#radius(between(place.series.present, step, part));
      if (radius > 0.3) pen.moveTo(x + radius, y), pen.arc(x, y, radius, 0, 7);
    }
    pen.fill();
    pen.stroke();
    pen.fillStyle = colours.ink;
    pen.beginPath();
    for (const place of shown) {
      const [x, y] = this.#on(place.x, place.y);
      pen.moveTo(x + 2.2, y);
      pen.arc(x, y, 2.2, 0, 7);
    }
    pen.fill();
    const pitch = PITCH * this.#unit;
    this.#boxes.clear();
    for (const place of shown) {
      const side = this.#sides.get(place.index);
      const now = place.stacks.map((stack) => ({ ...stack, marks: between(place.series[stack.what], step, part) / this.#data.dot }))
        .filter(({ marks }) => marks > 0.02).map((stack) => ({ ...stack, rows: Math.ceil(stack.marks / stack.columns) }));
      if (!side || !now.length) continue;
      const box = this.#stackBox(place, side, this.#radius(between(place.series.present, step, part)), now, pitch);
      this.#boxes.set(place.index, box);
      let x = box[0];
      for (const { what, columns, marks } of now) {
        this.#marks(pen, what, x, box[3], columns, marks, pitch);
        x += columns * pitch + 4;
      }
    }
  }

  /** A stack that grows from its bottom: full squares in shelters, hollow ones waiting, crosses without a bed. */
  #marks(pen, what, left, bottom, columns, marks, pitch) {
    const colours = this.#colours, whole = Math.floor(marks + 1e-6), rest = marks - whole;
    const size = pitch - Math.max(0.8, pitch * 0.22);
    pen.fillStyle = pen.strokeStyle = colours[what];
    pen.lineWidth = Math.max(0.8, pitch * 0.22);
    pen.beginPath();
    for (let i = 0; i < whole + (rest > 0.05 ? 1 : 0); i += 1) {
      const side = i < whole ? size : Math.max(1, size * Math.sqrt(rest));
      const x = left + (i % columns) * pitch, y = bottom - Math.floor(i / columns) * pitch;
      if (what === "no_bed") {
        pen.moveTo(x, y);
        pen.lineTo(x + side, y - side);
        pen.moveTo(x + side, y);
        pen.lineTo(x, y - side);
      } else if (what === "waiting") pen.rect(x + 0.4, y - side + 0.4, Math.max(side - 0.8, 0.6), Math.max(side - 0.8, 0.6));
      else pen.rect(x, y - side, side, side);
      if (what === "held") pen.rect(x + side * 0.32, y - side * 0.68, side * 0.36, side * 0.36);
    }
    if (what === "no_bed" || what === "waiting") pen.stroke();
    else pen.fill("evenodd");
  }

  /** Ends and bend of a link on paper: bent to its right, so that both ways show. */
  #curve(link) {
    const from = this.#places[link.from], to = this.#places[link.to];
    const a = this.#on(from.x, from.y), b = this.#on(to.x, to.y);
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const bend = Math.min(length * 0.09, 22) + link.lane * Math.min(length * 0.12, 24);
    const middle = [(a[0] + b[0]) / 2 - (b[1] - a[1]) / length * bend, (a[1] + b[1]) / 2 + (b[0] - a[0]) / length * bend];
    return [a, middle, b];
  }

  /** Dots along the links, each where its people are; at rest those of the day as at noon, those of the night as then. */
  #drawMoving(pen) {
    const rest = this.#part >= 1, unit = this.#unit, step = this.#step, { dot } = this.#data;
    pen.fillStyle = this.#colours.moving;
    pen.beginPath();
    for (const link of this.#links) {
      let curve = null;
      for (const [start, end, people] of link.cohorts) {
        if (start > step || end < step || (rest && end === step && start < end)) continue;
        curve ||= this.#curve(link);
        const time = step + (rest ? (start === end ? HALF_A_DAY : 1) : this.#part);
        const marks = people / dot, count = Math.ceil(marks - 1e-6);
        const wide = Math.min(11, 1.5 + Math.sqrt(count) * 0.75) * unit;
        const [[ax, ay], , [bx, by]] = curve, length = Math.hypot(bx - ax, by - ay) || 1;
        for (let i = 0; i < count; i += 1) {
          const late = (i + 0.5) / count * HALF_A_DAY;
          const left = start + late + (end > start ? HALF_A_DAY : 0), came = end > start ? end + late : left + HALF_A_DAY;
          const p = (time - left) / (came - left);
          if (p <= 0 || p >= 1) continue;
          const [x, y] = along(curve, p);
          const aside = (((i * 0.618034) % 1) * 2 - 1) * wide * Math.min(1, 4 * Math.min(p, 1 - p) + 0.25);
          const radius = 2.1 * unit * Math.sqrt(Math.max(Math.min(marks - i, 1), 0.12));
          const dx = x - (by - ay) / length * aside, dy = y + (bx - ax) / length * aside;
          pen.moveTo(dx + radius, dy);
          pen.arc(dx, dy, radius, 0, 7);
        }
      }
    }
    pen.fill();
  }
}

/** A point of a bent line. */
function along([a, c, b], p) {
  const q = 1 - p;
  return [q * q * a[0] + 2 * q * p * c[0] + p * p * b[0], q * q * a[1] + 2 * q * p * c[1] + p * p * b[1]];
}

if (!customElements.get("posada-flow-map")) customElements.define("posada-flow-map", FlowMap);
