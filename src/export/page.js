"use strict";
(() => {
  const $ = (selector) => document.querySelector(selector);
  const KINDS = ["breach", "exposure", "ransomware", "ddos", "defacement", "phishing", "theft", "intrusion", "sabotage", "other"];
  const DAY = 86400000;
  const list = $("#list"), filter = $("#filter"), sort = $("#sort");
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const day = (text) => Math.round(Date.parse(text) / DAY);
  const text = (number) => new Date(number * DAY).toISOString().slice(0, 10);

  const items = Array.from(list.querySelectorAll(".i"), (el, place) => ({
    el, place, from: day(el.dataset.from), to: day(el.dataset.to), kind: el.dataset.kind, n: Number(el.dataset.n),
    label: el.querySelector(".who").textContent.trim(), words: null, shown: true,
  }));
  const words = (item) => item.words ??= fold(item.el.textContent);
  const state = { q: "", kinds: new Set(), span: null, sort: "new" };

  // ---- what is chosen stands in the address, so that it can be sent to somebody

  function remember() {
    const said = new URLSearchParams();
    if (state.q) said.set("filter", state.q);
    if (state.kinds.size) said.set("kinds", [...state.kinds].join(","));
    if (state.span) said.set("span", state.span.map(text).join(".."));
    if (state.sort !== "new") said.set("sort", state.sort);
    if (said.size || !named()) history.replaceState(null, "", said.size ? `#${said}` : location.pathname + location.search);
  }

  // The incident that the address leads to.
  function named() {
    try {
      return items.find((item) => item.el.id === decodeURIComponent(location.hash.slice(1)))?.el;
    } catch { /* no address of ours */ }
  }

  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    state.q = filter.value = said.get("filter") ?? "";
    state.kinds = new Set((said.get("kinds") ?? "").split(",").filter((kind) => KINDS.includes(kind)));
    const ends = (said.get("span") ?? "").split("..").map(day);
    state.span = ends.length === 2 && ends.every(Number.isFinite) ? ends : null;
    state.sort = sort.value = ["new", "old", "large"].includes(said.get("sort")) ? said.get("sort") : "new";
  }

  // ---- the filter

  function tests(query) {
    return (fold(query).match(/-?"[^"]*"?|\S+/g) ?? []).map((word) => {
      const without = word.length > 1 && word.startsWith("-");
      const wanted = word.slice(without ? 1 : 0).replaceAll('"', "");
      return (item) => wanted === "" || words(item).includes(wanted) !== without;
    });
  }

  function choose() {
    const all = tests(state.q);
    const like = (item) => all.every((test) => test(item));
    const within = (item) => !state.span || (item.from <= state.span[1] && item.from >= state.span[0]);
    const of = (item) => !state.kinds.size || state.kinds.has(item.kind);
    for (const item of items) {
      item.like = like(item);
      item.drawn = item.like && of(item);
      item.shown = item.drawn && within(item);
      item.el.hidden = !item.shown;
    }
    order();
    count(within);
    draw();
    remember();
  }

  function order() {
    const by = {
      new: (a, b) => b.from - a.from || a.place - b.place,
      old: (a, b) => a.from - b.from || a.place - b.place,
      large: (a, b) => b.n - a.n || a.place - b.place,
    }[state.sort];
    list.querySelectorAll(".year").forEach((el) => el.remove());
    let year = "";
    const end = $("#none"), parts = [];
    for (const item of [...items].sort(by)) {
      const its = item.el.dataset.from.slice(0, 4);
      if (state.sort !== "large" && item.shown && its !== year) {
        const head = document.createElement("h2");
        head.className = "year";
        head.textContent = year = its;
        parts.push(head);
      }
      parts.push(item.el);
    }
    const all = document.createDocumentFragment();
    all.append(...parts);
    list.insertBefore(all, end);
    end.hidden = items.length === 0 || items.some((item) => item.shown);
  }

  function count(within) {
    const shown = items.filter((item) => item.shown);
    const days = shown.map((item) => item.from);
    const reach = shown.length ? ` · ${text(Math.min(...days))} to ${text(Math.max(...days))}` : "";
    const of = shown.length < items.length ? ` of ${items.length.toLocaleString("en")}` : "";
    $("#sum").textContent = `${shown.length.toLocaleString("en")}${of} incident${items.length === 1 ? "" : "s"}${reach}`;
    for (const button of $("#kinds").children) {
      const kind = button.dataset.kind;
      button.setAttribute("aria-pressed", state.kinds.has(kind));
      button.lastChild.textContent = items.filter((item) => item.kind === kind && item.like && within(item)).length.toLocaleString("en");
    }
    $("#reset").hidden = !(state.q || state.kinds.size || state.span);
  }

  // ---- the chart: bars above, a lane for each kind below, one axis

  const LEFT = 92, RIGHT = 20, TOP = 12, BARS = 84, LANE = 17, AXIS = 20, YEAR = 34;
  let chart = null, here = null;

  function steps(first, last) {
    const span = last - first;
    const unit = span > 365 * 30 ? 12 : span > 365 * 9 ? 3 : span > 100 ? 1 : 0;
    const at = new Date(first * DAY), starts = [];
    let [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    if (unit === 0) {
      for (let d = first; d <= last + 1; d += 1) starts.push(d);
      return starts;
    }
    month -= month % unit;
    for (let d = 0; d <= last; month += unit) starts.push((d = Math.round(Date.UTC(year, month, 1) / DAY)));
    return starts;
  }

  function svg(name, attributes, parent, words) {
    const el = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    if (words !== undefined) el.textContent = words;
    parent?.append(el);
    return el;
  }

  function draw() {
    const box = $("#chart");
    const width = Math.max(280, box.clientWidth);
    const lanes = KINDS.filter((kind) => items.some((item) => item.kind === kind));
    const tall = TOP + BARS + AXIS + lanes.length * LANE + 6;
    const froms = items.map((item) => item.from);
    const starts = steps(Math.min(...froms), Math.max(...froms));
    const [first, last] = [starts[0], starts.at(-1)];
    const x = (d) => LEFT + ((d - first) / (last - first)) * (width - LEFT - RIGHT);
    const dayAt = (px) => Math.round(first + ((px - LEFT) / (width - LEFT - RIGHT)) * (last - first));
    const focused = chart && document.activeElement === chart.root;
    const root = svg("svg", { viewBox: `0 0 ${width} ${tall}`, height: tall, tabindex: 0, role: "application",
      "aria-label": "Timeline. Left and right move from bar to bar, shift chooses a span, enter chooses one bar." });
    const bins = starts.slice(0, -1).map((from, n) => ({ from, to: starts[n + 1] - 1, kinds: {}, total: 0 }));
    for (const item of items) {
      if (!item.drawn) continue;
      const bin = bins.findLast((bin) => bin.from <= item.from);
      bin.kinds[item.kind] = (bin.kinds[item.kind] ?? 0) + 1;
      bin.total += 1;
    }
    const most = Math.max(1, ...bins.map((bin) => bin.total));
    svg("text", { x: LEFT - 8, y: TOP + 9, "text-anchor": "end" }, root, most);
    axis(root, x, first, last, width, tall);
    for (const bin of bins) {
      let y = TOP + BARS;
      const wide = Math.max(1, x(bin.to + 1) - x(bin.from) - (bins.length < 300 ? 1 : 0));
      for (const kind of KINDS) {
        const high = ((bin.kinds[kind] ?? 0) / most) * BARS;
        if (high > 0) svg("rect", { class: kind, x: x(bin.from), y: (y -= high), width: wide, height: high }, root);
      }
    }
    dots(root, x, lanes);
    chart = { root, x, dayAt, bins, tall, width, spanAt: svg("rect", { class: "span", y: 1, height: tall - 2 }, root),
      hereAt: svg("rect", { class: "here", y: TOP - 4, height: BARS + 5 }, root) };
    mark();
    box.replaceChildren(root, tip);
    if (focused) root.focus();
  }

  function axis(root, x, first, last, width, tall) {
    const [from, to] = [first, last].map((d) => new Date(d * DAY).getUTCFullYear());
    let free = 0;
    for (let year = from; year <= to; year += 1) {
      const at = x(Math.max(first, Math.round(Date.UTC(year, 0, 1) / DAY)));
      if (at < free || at + YEAR > width) continue;
      svg("line", { class: "grid", x1: at, x2: at, y1: TOP, y2: tall - 6 }, root);
      svg("text", { x: at + 3, y: TOP + BARS + 14 }, root, year);
      free = at + 40;
    }
  }

  function dots(root, x, lanes) {
    lanes.forEach((kind, n) => {
      const y = TOP + BARS + AXIS + LANE * (n + 0.5);
      svg("text", { class: "name", x: LEFT - 10, y: y + 4, "text-anchor": "end" }, root, kind);
      const places = new Map();
      for (const item of items) {
        if (!item.drawn || item.kind !== kind) continue;
        const at = Math.round(x(item.from) * 2) / 2;
        places.set(at, [...(places.get(at) ?? []), item]);
      }
      for (const [at, its] of places) {
        const n = Math.max(...its.map((item) => item.n));
        const r = 2.6 + (n > 0 ? Math.min(10, Math.log10(n)) * 0.55 : 0);
        const dot = svg("circle", { class: kind, cx: at, cy: y, r: r.toFixed(1) }, root);
        dot.items = its;
      }
    });
  }

  function mark() {
    const { x, bins, spanAt, hereAt } = chart;
    spanAt.toggleAttribute("hidden", !state.span);
    if (state.span) {
      spanAt.setAttribute("x", x(state.span[0]));
      spanAt.setAttribute("width", Math.max(2, x(state.span[1] + 1) - x(state.span[0])));
    }
    spanAt.setAttribute("visibility", state.span ? "visible" : "hidden");
    const bin = here === null ? null : bins[here];
    hereAt.setAttribute("visibility", bin ? "visible" : "hidden");
    if (bin) {
      hereAt.setAttribute("x", x(bin.from) - 1);
      hereAt.setAttribute("width", Math.max(3, x(bin.to + 1) - x(bin.from) + 1));
    }
  }

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;

  function hint(px, py, said) {
    tip.textContent = said;
    tip.hidden = false;
    tip.style.left = `${Math.min(px + 12, chart.width - tip.offsetWidth - 6)}px`;
    tip.style.top = `${Math.min(py + 12, chart.tall - tip.offsetHeight - 4)}px`;
  }

  const told = (bin) => `${text(bin.from)}${bin.to > bin.from ? ` to ${text(bin.to)}` : ""}: ${bin.total} incident${bin.total === 1 ? "" : "s"}`;

  let drag = null;
  const box = $("#chart");
  const at = (event) => { const r = box.getBoundingClientRect(); return [event.clientX - r.left, event.clientY - r.top]; };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.items) return;
    drag = chart.dayAt(at(event)[0]);
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    const [px, py] = at(event);
    if (drag !== null) {
      state.span = [drag, chart.dayAt(px)].sort((a, b) => a - b);
      return mark();
    }
    if (event.target.items) {
      const its = event.target.items;
      const more = its.length > 3 ? ` and ${its.length - 3} more` : "";
      return hint(px, py, its.slice(0, 3).map((item) => `${item.el.dataset.from} ${item.label}`).join(", ") + more);
    }
    const bin = px > LEFT && py < TOP + BARS + AXIS ? chart.bins.find((bin) => px >= chart.x(bin.from) && px < chart.x(bin.to + 1)) : null;
    if (bin) hint(px, py, told(bin)); else tip.hidden = true;
  });
  box.addEventListener("pointerleave", () => { tip.hidden = true; });
  box.addEventListener("pointerup", (event) => {
    if (drag === null) return;
    const end = chart.dayAt(at(event)[0]);
    const near = Math.abs(chart.x(end) - chart.x(drag)) < 4;
    const bin = chart.bins.find((bin) => end >= bin.from && end <= bin.to);
    const same = near && state.spanChosen && bin && state.spanChosen === bin.from;
    state.span = near ? (bin && !same ? [bin.from, bin.to] : null) : state.span;
    state.spanChosen = near && bin && !same ? bin.from : null;
    drag = null;
    choose();
  });
  box.addEventListener("click", (event) => { if (event.target.items) open(event.target.items[0].el); });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      const before = here ?? (step > 0 ? -1 : chart.bins.length);
      here = Math.min(chart.bins.length - 1, Math.max(0, before + step));
      const bin = chart.bins[here];
      if (event.shiftKey) {
        const [a, b] = state.span ?? [bin.from, bin.to];
        state.span = step > 0 ? [a, Math.max(b, bin.to)] : [Math.min(a, bin.from), b];
        choose();
      }
      mark();
      hint(chart.x(bin.from), TOP, told(bin));
      $("#sum").textContent = told(bin);
      event.preventDefault();
    } else if (event.key === "Enter" && here !== null) {
      state.span = [chart.bins[here].from, chart.bins[here].to];
      choose();
      event.preventDefault();
    }
  });

  // ---- opening, keys, buttons

  function arrive() {
    const one = named();
    if (!one) recall();
    choose();
    if (one) open(one); // last, since the list has been laid anew
  }

  function open(el) {
    el.hidden = false;
    el.open = true;
    el.scrollIntoView({ block: "start" });
    el.querySelector("summary").focus({ preventScroll: true });
  }

  function next(step) {
    const shown = [...list.querySelectorAll(".i:not([hidden])")];
    const now = shown.indexOf(document.activeElement?.closest?.(".i"));
    const to = shown[Math.min(shown.length - 1, Math.max(0, now + step))];
    to?.querySelector("summary").focus();
    to?.scrollIntoView({ block: "nearest" });
  }

  const acts = {
    reset() { state.q = filter.value = ""; state.kinds.clear(); state.span = null; here = null; choose(); },
    theme() {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    },
    help() { $("#help").showModal(); },
  };

  document.addEventListener("click", (event) => acts[event.target.closest("[data-do]")?.dataset.do]?.());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("#help").open) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape") {
      if (state.q || state.kinds.size) { state.q = filter.value = ""; state.kinds.clear(); } else { state.span = null; here = null; }
      filter.blur();
      return choose();
    }
    if (typing) return;
    const keys = { "/": () => filter.focus(), j: () => next(1), k: () => next(-1), c: () => chart.root.focus(), t: acts.theme, "?": acts.help };
    if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
  });
  filter.addEventListener("input", () => { state.q = filter.value; choose(); });
  sort.addEventListener("change", () => { state.sort = sort.value; choose(); });
  addEventListener("hashchange", arrive);

  // What is closed is printed too, unless that would be a book.
  const PRINTED = 200;
  let opened = [];
  addEventListener("beforeprint", () => {
    const shown = items.filter((item) => item.shown && !item.el.open);
    opened = items.filter((item) => item.shown).length > PRINTED ? [] : shown;
    opened.forEach((item) => { item.el.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((item) => { item.el.open = false; }));

  for (const kind of KINDS.filter((kind) => items.some((item) => item.kind === kind))) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    button.dataset.kind = kind;
    button.append(kind, document.createElement("i"));
    button.addEventListener("click", () => { state.kinds.has(kind) ? state.kinds.delete(kind) : state.kinds.add(kind); choose(); });
    $("#kinds").append(button);
  }

  // ---- a page that is served asks now and then whether there is something new

  const stamp = document.body.dataset.stamp;
  if (stamp !== undefined) {
    setInterval(async () => {
      try {
        const answer = await fetch("/api/v1/status", { headers: { accept: "application/json" } });
        const now = answer.ok ? String((await answer.json()).stamp) : stamp;
        if (now === stamp || $("#fresh")) return;
        const button = document.createElement("button");
        button.id = "fresh";
        button.textContent = "There is something new: show it";
        button.addEventListener("click", () => location.reload());
        document.body.append(button);
      } catch { /* the server is away: the page stays as it is */ }
    }, 60000);
  }

  if (items.length) {
    $("#over").hidden = false;
    const sticky = () => document.documentElement.style.setProperty("--top", `${$("#over").offsetHeight + 10}px`);
    sticky();
    arrive();
    new ResizeObserver(() => { if (box.clientWidth !== chart.width) draw(); sticky(); }).observe($("#over"));
  } else {
    $("#sum").textContent = "no incidents";
  }
})();
