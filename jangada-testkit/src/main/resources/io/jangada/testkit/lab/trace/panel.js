// What stands beside the diagram: the selected event, the servers at that moment, the filters, the legend.
const FAMILY_NAMES = { election: "elections", append: "log", snapshot: "snapshots", other: "requests", heartbeat: "heartbeats" };

const element = id => document.getElementById(id);

function make(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

class Panel {
  constructor(model, filter, changed) {
    this.model = model;
    this.filter = filter;
    this.changed = changed;
    this.heading();
    this.serverBoxes = model.lanes.map(lane => this.box(element("servers"), String(lane.server),
        checked => { filter.servers[lane.server] = checked; }));
    this.kindBoxes = this.kinds();
    element("search").addEventListener("input", event => this.change(() => { filter.text = event.target.value; }));
    element("lost").addEventListener("change", event => this.change(() => { filter.lost = event.target.checked; }));
    element("everything").addEventListener("click", () => this.change(() => filter.reset()));
  }

  change(how) {
    how();
    this.filter.update();
    this.changed();
  }

  heading() {
    const { scenario, mode, seed, servers, outcome, dropped } = this.model.run;
    document.title = scenario + ", seed " + seed;
    element("title").textContent = scenario;
    element("facts").textContent = [mode, "seed " + seed, servers + (servers === 1 ? " server" : " servers"),
      durationText(this.model.end), numberText(this.model.messages.length) + " messages"].join(" · ");
    element("outcome").textContent = outcome;
    element("outcome").classList.toggle("good", /^(passed|ok)\b/i.test(outcome));
    if (dropped > 0) {
      element("full").hidden = false;
      element("full").textContent = "The recorder was full at " + timeText(this.model.end, this.model.length) + ": the "
          + numberText(dropped) + " events after that are not in this page.";
    }
  }

  box(parent, name, set) {
    const label = make("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => this.change(() => set(box.checked)));
    label.append(box, name);
    if (parent.id === "servers") box.setAttribute("aria-label", "server " + name);
    parent.append(label);
    return box;
  }

  /** One box per kind, in the order of what they are about, the telling first. */
  kinds() {
    const counts = this.model.kinds.map(() => 0);
    this.model.messages.forEach(message => counts[message.kind]++);
    const families = Object.keys(FAMILY_NAMES);
    const order = [...this.model.kinds.keys()].sort((a, b) =>
      families.indexOf(this.model.families[a]) - families.indexOf(this.model.families[b])
        || this.model.kinds[a].localeCompare(this.model.kinds[b]));
    const boxes = [];
    for (const kind of order) {
      boxes[kind] = this.box(element("kinds"), "", checked => { this.filter.kinds[kind] = checked; });
      const swatch = make("span", "", "swatch line");
      swatch.style.background = "var(--" + this.model.families[kind] + ")";
      boxes[kind].parentElement.append(swatch, this.model.kinds[kind], make("span", numberText(counts[kind]), "count"));
    }
    return boxes;
  }

  show(selected, view, palette) {
    this.serverBoxes.forEach((box, server) => { box.checked = this.filter.servers[server]; });
    this.kindBoxes.forEach((box, kind) => { box.checked = this.filter.kinds[kind]; });
    element("lost").checked = this.filter.lost;
    element("dim").checked = view.dim;
    element("arrows").checked = view.arrows;
    if (element("search").value !== this.filter.text) element("search").value = this.filter.text;
    this.event(selected, view);
    this.states(selected, view, palette);
  }

  event(selected, view) {
    const box = element("event");
    if (selected === undefined) {
      box.replaceChildren(make("div", "Nothing selected; the servers below are as of " + timeText(Math.max(0, view.from), view.to - view.from)
          + ", the upper edge.", "when"), make("div", "Click a message, or press j.", "when"));
      return;
    }
    box.replaceChildren(
        make("div", "event " + numberText(selected.n + 1) + " of " + numberText(this.model.events.length) + " · "
            + timeText(selected.at, 1e6), "when"),
        ...this.describe(selected).map(([text, className]) => make("div", text, className)));
  }

  describe(event) {
    switch (event.type) {
      case "s": case "d": case "x": {
        if (event.message === undefined) return [["the end of a message that nobody sent", "what"]];
        const verb = { s: "sent", d: "arrived", x: "lost" }[event.type];
        const [head, text, ...rest] = messageText(this.model, event.message).split("\n");
        return [[verb + ": " + head, "what"], [text, "text"], [rest.join(" · "), "when"]];
      }
      case "r":
        return [["server " + event.server + " is " + roleName(event.role) + " in term " + event.term, "what"]];
      case "p":
        return [["server " + event.server + " has committed " + event.commit + ", applied " + event.applied, "what"]];
      case "l":
        return [["server " + event.server + " " + { STARTED: "started", CRASHED: "crashed", CONNECTED: "is connected",
          DISCONNECTED: "is cut off" }[event.change], "what"]];
      default:
        return [[event.text, "what"]];
    }
  }

  states(selected, view, palette) {
    const rows = this.model.lanes.map(lane => {
      const state = selected === undefined ? lane.at(Math.max(0, view.from)) : lane.after(selected.n);
      const row = make("tr");
      const role = make("td", "", state.up ? (state.role === "LEADER" ? "leads" : "") : "down");
      const swatch = make("span", "", "swatch");
      swatch.style.background = state.up ? palette.term(state.term) : "transparent";
      role.append(swatch, !state.up ? (state.crashed ? "down" : "not started") : state.role === "" ? "–" : roleName(state.role));
      if (state.up && !state.connected) role.append(make("span", " cut off", "away"));
      const number = value => make("td", state.up && (value > 0 || state.role !== "") ? String(value) : "–");
      row.append(make("td", String(lane.server)), role, number(state.term), number(state.commit), number(state.applied));
      return row;
    });
    element("states").querySelector("tbody").replaceChildren(...rows);
  }

  /** The legend is drawn by what draws the diagram, so that it cannot show anything else. */
  legend(palette) {
    const canvas = element("legend");
    const ctx = canvas.getContext("2d");
    const { width, height } = sharpen(canvas, ctx);
    ctx.fillStyle = palette.of("panel");
    ctx.fillRect(0, 0, width, height);
    ctx.textBaseline = "middle";
    const lanes = new LaneLayer(ctx, palette);
    const state = { up: true, connected: true, role: "FOLLOWER", term: 5 };
    const samples = [["leader", { role: "LEADER" }], ["candidate", { role: "CANDIDATE" }], ["pre-candidate", { role: "PRE_CANDIDATE" }],
      ["follower", {}], ["cut off", { role: "LEADER", connected: false }], ["crashed", { up: false, crashed: true }]];
    ctx.font = "11.5px " + FONT;
    samples.forEach(([name, change], i) => {
      const y = 2 + i * 21;
      lanes.bar({ ...state, ...change }, 12, y, 17);
      ctx.fillStyle = palette.of("ink");
      ctx.fillText(name, 28, y + 9);
    });
    this.arrowSamples(ctx, palette, 128);
    for (let term = 1; term <= 5; term++) {
      ctx.fillStyle = palette.term(term);
      ctx.fillRect(4 + (term - 1) * 22, 133, 18, 10);
    }
    ctx.fillStyle = palette.of("ink");
    ctx.fillText("colours: terms, in turn", 4 + 5 * 22 + 4, 138.5, width - 120);
    ctx.fillText("✓7 has committed and applied 7", 4, 158);
    ctx.fillText("c9 a7 has applied only 7 of 9", 4, 175);
  }

  arrowSamples(ctx, palette, left) {
    const layer = new MessageLayer(ctx, palette, this.model);
    layer.crowded = 0;
    const samples = [["elections", "election", false, "delivered"], ["log, commit", "append", false, "delivered"],
      ["its reply", "append", true, "delivered"], ["snapshots", "snapshot", false, "delivered"],
      ["requests", "other", false, "delivered"], ["lost", "append", false, "lost"]];
    samples.forEach(([name, family, reply, fate], i) => {
      const y = 11 + i * 21;
      const line = { x0: left, y0: y - 5, x1: left + (fate === "lost" ? 30 : 46), y1: y + 4, cx: left + 23, cy: y };
      layer.look({ message: { family, reply, fate }, dim: false }, [line]);
      if (fate === "lost") cross(ctx, line.x1, line.y1, 4, palette.of("lost"), 1.8);
      ctx.fillStyle = palette.of("ink");
      ctx.fillText(name, left + 56, y);
    });
  }
}
