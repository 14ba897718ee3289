// Brings the parts together: what is shown, how it moves, and the address that says so.
//
// The part after # in the address holds: from, to (seconds), kinds, servers (lists with commas), lost=1, q (text), at (number of the
// selected event, from 1), dim=0 (heartbeats as strong as the rest), arrows=1 (no bars), theme (light, dark). What is missing is as in
// the first view. measure=N draws the whole run N times and leaves the mean in data-redraw-ms of #status.

const MIN_SPAN = 100;

class Page {
  constructor(run) {
    this.model = new Model(run);
    this.filter = new Filter(this.model);
    this.diagram = new Diagram(element("diagram"), this.model);
    this.overview = new Overview(element("overview"), this.model);
    this.panel = new Panel(this.model, this.filter, () => this.redraw());
    this.theme = "";
    this.address = "";
    this.read();
    this.listen();
    this.paint();
    new ResizeObserver(() => this.redraw()).observe(element("stage"));
  }

  // ---- the view ----

  whole() {
    const margin = this.model.length * 0.012;
    return { from: -margin, to: this.model.length + margin };
  }

  /**
   * The first view: from just before somebody first stands for election, with as many messages as can be read, and at least up
   * to the first leader. Heartbeats do not count.
   */
  beginning() {
    const { model } = this;
    const telling = model.messages.filter(message => message.family !== "heartbeat");
    if (telling.length <= 90) return this.whole();
    const stood = model.events.find(event => event.type === "r" && event.role !== "FOLLOWER");
    const led = model.events.find(event => event.type === "r" && event.role === "LEADER");
    const start = stood === undefined ? 0 : stood.at;
    const first = lastBefore(telling, message => message.sent < start) + 1;
    const last = telling[Math.min(telling.length - 1, first + 75)].sent;
    const span = Math.max(last - start, led === undefined ? 0 : (led.at - start) * 1.5, MIN_SPAN);
    return this.clamp({ from: start - span * 0.06, to: start + span });
  }

  clamp({ from, to }) {
    const whole = this.whole();
    const span = Math.min(Math.max(to - from, MIN_SPAN), whole.to - whole.from);
    const start = Math.min(Math.max(from, whole.from), whole.to - span);
    return { from: start, to: start + span };
  }

  look(view) {
    Object.assign(this.view, this.clamp(view));
    this.redraw();
  }

  zoom(factor, time) {
    const { from, to } = this.view;
    const span = Math.max(MIN_SPAN, (to - from) * factor);
    const share = (time - from) / (to - from);
    this.look({ from: time - span * share, to: time + span * (1 - share) });
  }

  move(share) {
    const by = (this.view.to - this.view.from) * share;
    this.look({ from: this.view.from + by, to: this.view.to + by });
  }

  // ---- stepping ----

  select(event) {
    this.selected = event;
    if (event !== undefined && (event.at < this.view.from || event.at > this.view.to)) {
      const span = this.view.to - this.view.from;
      Object.assign(this.view, this.clamp({ from: event.at - span * 0.4, to: event.at + span * 0.6 }));
    }
    this.redraw();
  }

  /** Selects the next (+1) or previous (-1) event that passes the filter and is of this sort; without one, stays. */
  step(direction, sort = () => true) {
    const { events } = this.model;
    let n = this.selected !== undefined ? this.selected.n + direction
      : direction > 0 ? lastBefore(events, event => event.at < this.view.from) + 1
        : lastBefore(events, event => event.at <= this.view.to);
    while (n >= 0 && n < events.length && !(this.filter.event(events[n]) && sort(events[n]))) n += direction;
    if (n >= 0 && n < events.length) this.select(events[n]);
  }

  milestone(event) {
    return event.type === "n" || event.type === "l" || (event.type === "r" && event.role !== "FOLLOWER");
  }

  // ---- drawing ----

  /**
   * Draws soon: once per picture of the screen, however much changes until then. Who looks at no screen, a hidden page or a test, gets no
   * pictures but still wants the status to be true, hence the timer.
   */
  redraw() {
    if (this.due === undefined) {
      this.due = requestAnimationFrame(() => this.paint());
      this.latest = setTimeout(() => this.paint(), 100);
    }
  }

  paint() {
    if (this.due !== undefined) {
      cancelAnimationFrame(this.due);
      clearTimeout(this.latest);
    }
    this.due = undefined;
    this.diagram.draw(this.view, this.filter, this.selected);
    this.overview.draw(this.view, this.filter);
    this.panel.show(this.selected, this.view, this.palette);
    this.panel.legend(this.palette);
    this.status();
    this.write();
  }

  status() {
    const { model, filter, view, selected, diagram } = this;
    const shown = diagram.messages.shown;
    const from = Math.max(0, view.from);
    const to = Math.min(model.end, view.to);
    const status = element("status");
    const counted = diagram.messages.counted.length > 0 ? " · too many for arrows, counted in bars: "
        + diagram.messages.counted.map(family => FAMILY_NAMES[family]).join(", ") : "";
    const text = numberText(shown) + " of " + numberText(model.messages.length) + " messages shown, "
        + timeText(from, to - from, "") + "–" + timeText(to, to - from) + counted;
    if (status.textContent !== text) status.textContent = text;
    Object.assign(status.dataset, {
      messages: model.messages.length, events: model.events.length, shown, matching: filter.matching,
      arrows: diagram.messages.arrows.length, counted: diagram.messages.counted.join(","),
      at: selected === undefined ? "" : selected.n + 1, from: (from / 1e9).toFixed(9), to: (to / 1e9).toFixed(9),
    });
    const overview = element("overview");
    overview.setAttribute("aria-valuenow", String(Math.round(from / model.length * 100)));
    overview.setAttribute("aria-valuetext", text);
  }

  measure(times) {
    const view = { ...this.view, ...this.whole() };
    const began = performance.now();
    for (let i = 0; i < times; i++) {
      this.diagram.draw(view, this.filter, this.selected);
      // Asking for a pixel makes the browser finish what it was told to draw.
      this.diagram.ctx.getImageData(0, 0, 1, 1);
    }
    element("status").dataset.redrawMs = ((performance.now() - began) / times).toFixed(2);
    this.paint();
  }

  // ---- the address ----

  read() {
    const address = new URLSearchParams(location.hash.slice(1));
    const { model, filter } = this;
    filter.reset();
    const start = this.beginning();
    const seconds = name => (address.has(name) && Number.isFinite(Number(address.get(name))) ? Number(address.get(name)) * 1e9 : undefined);
    const from = seconds("from") ?? start.from;
    const to = seconds("to") ?? (seconds("from") === undefined ? start.to : from + start.to - start.from);
    this.view = { ...this.clamp({ from, to: Math.max(to, from + MIN_SPAN) }), dim: address.get("dim") !== "0", arrows: address.get("arrows") === "1" };
    const list = name => address.get(name).split(",");
    if (address.has("kinds")) filter.kinds = model.kinds.map(kind => list("kinds").includes(kind));
    if (address.has("servers")) filter.servers = model.lanes.map(lane => list("servers").includes(String(lane.server)));
    filter.lost = address.get("lost") === "1";
    filter.text = address.get("q") ?? "";
    filter.update();
    this.theme = address.get("theme") ?? "";
    this.colours();
    this.selected = model.events[Number(address.get("at") ?? 0) - 1];
    if (this.selected !== undefined && (this.selected.at < this.view.from || this.selected.at > this.view.to)) {
      this.select(this.selected);
    }
    if (address.has("measure")) {
      this.measure(Math.min(1000, Math.max(1, Number(address.get("measure")) || 1)));
    }
  }

  colours() {
    this.palette = new Palette(this.theme);
    this.diagram.colours(this.palette);
    this.overview.colours(this.palette);
  }

  write() {
    const { view, filter, model } = this;
    const seconds = nanos => Number((nanos / 1e9).toFixed(9));
    const parts = ["from=" + seconds(view.from), "to=" + seconds(view.to)];
    const listed = (name, all, on) => {
      if (!on.every(Boolean)) parts.push(name + "=" + all.filter((unused, i) => on[i]).map(encodeURIComponent).join(","));
    };
    listed("kinds", model.kinds, filter.kinds);
    listed("servers", model.lanes.map(lane => lane.server), filter.servers);
    if (filter.lost) parts.push("lost=1");
    if (filter.text !== "") parts.push("q=" + encodeURIComponent(filter.text));
    if (!view.dim) parts.push("dim=0");
    if (view.arrows) parts.push("arrows=1");
    if (this.theme !== "") parts.push("theme=" + this.theme);
    if (this.selected !== undefined) parts.push("at=" + (this.selected.n + 1));
    const address = "#" + parts.join("&");
    if (address !== this.address) {
      this.address = address;
      // Not at once: browsers refuse an address that changes with every picture.
      clearTimeout(this.writing);
      this.writing = setTimeout(() => history.replaceState(null, "", address), 250);
    }
  }

  // ---- what the reader does ----

  listen() {
    window.addEventListener("hashchange", () => {
      if (location.hash !== this.address) {
        this.read();
        this.paint();
      }
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours();
      this.redraw();
    });
    const toggle = (id, field) => element(id).addEventListener("change", event => {
      this.view[field] = event.target.checked;
      this.redraw();
    });
    toggle("dim", "dim");
    toggle("arrows", "arrows");
    const button = (id, action) => element(id).addEventListener("click", action);
    button("previous", () => this.step(-1));
    button("next", () => this.step(1));
    button("previousMilestone", () => this.step(-1, event => this.milestone(event)));
    button("nextMilestone", () => this.step(1, event => this.milestone(event)));
    document.addEventListener("keydown", event => this.key(event));
    new DiagramPointer(this);
    new OverviewPointer(this);
  }

  key(event) {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (typing && event.key === "Escape") event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const middle = this.selected !== undefined ? this.selected.at : (this.view.from + this.view.to) / 2;
    const actions = {
      j: () => this.step(1), ArrowDown: () => this.step(1), k: () => this.step(-1), ArrowUp: () => this.step(-1),
      n: () => this.step(1, e => this.milestone(e)), p: () => this.step(-1, e => this.milestone(e)),
      "+": () => this.zoom(0.5, middle), "=": () => this.zoom(0.5, middle), "-": () => this.zoom(2, middle),
      PageDown: () => this.move(0.8), PageUp: () => this.move(-0.8),
      Home: () => this.look({ from: 0, to: this.view.to - this.view.from }),
      End: () => this.look({ from: this.model.end - (this.view.to - this.view.from), to: this.model.end }),
      f: () => this.look(this.whole()), b: () => this.look(this.beginning()),
      l: () => this.panel.change(() => { this.filter.lost = !this.filter.lost; }),
      "/": () => element("search").focus(), Escape: () => this.select(undefined),
    };
    if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  }
}

new Page(JSON.parse(element("run").textContent));
