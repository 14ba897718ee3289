// The diagram: time, lanes, messages and notes in the right order on one canvas.
class Diagram {
  constructor(canvas, model) {
    this.canvas = canvas;
    this.model = model;
    this.ctx = canvas.getContext("2d");
  }

  colours(palette) {
    this.palette = palette;
    this.lanes = new LaneLayer(this.ctx, palette);
    this.messages = new MessageLayer(this.ctx, palette, this.model);
  }

  draw(view, filter, selected) {
    const { width, height } = sharpen(this.canvas, this.ctx);
    const ctx = this.ctx;
    const layout = this.layout = new Layout(width, height, view, filter.visibleServers(), this.model.notes.length > 0);
    const lanes = layout.servers.map(server => this.model.lanes[server]);
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = this.palette.of("bg");
    ctx.fillRect(0, 0, width, height);
    this.axis();
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, layout.top, width, layout.plot);
    ctx.clip();
    const places = new Places();
    this.drawNotes(filter);
    this.cursor(selected);
    this.messages.sort(layout, filter, view);
    this.messages.drawBars(layout, view);
    lanes.forEach(lane => this.lanes.draw(lane, layout));
    this.messages.drawArrows(layout, view);
    lanes.forEach(lane => this.lanes.lives(lane, layout));
    this.lanes.labels(lanes, layout, places);
    lanes.forEach(lane => this.lanes.progress(lane, layout, places, this.messages.freeSide(layout.x(lane.server))));
    this.messages.labels(layout, view, places);
    this.mark(selected, filter);
    ctx.restore();
    this.heads();
  }

  axis() {
    const { ctx, layout } = this;
    const span = layout.view.to - layout.view.from;
    const step = niceStep(span / layout.plot * 64);
    ctx.font = "11px " + FONT;
    const edge = Math.min(layout.height, layout.y(this.model.end));
    for (let i = Math.max(0, Math.ceil(layout.view.from / step)); i * step <= Math.min(layout.view.to, this.model.end); i++) {
      const y = layout.y(i * step);
      ctx.fillStyle = this.palette.of("grid");
      ctx.fillRect(layout.left - 6, Math.round(y), layout.right - layout.left + 6, 1);
      if (y > layout.top + 6) {
        ctx.fillStyle = this.palette.of("muted");
        ctx.textAlign = "right";
        ctx.fillText(timeText(i * step, step * 9), layout.left - 10, y);
        ctx.textAlign = "left";
      }
    }
    if (edge < layout.height) {
      ctx.fillStyle = this.palette.of("panel");
      ctx.fillRect(0, edge, layout.width, layout.height - edge);
      ctx.fillStyle = this.palette.of("muted");
      if (layout.height - edge > 22) ctx.fillText("end of the run", 10, edge + 11);
    }
  }

  /** Notes stand beside the lanes; those that do not fit are counted at the one before them. */
  drawNotes(filter) {
    const { ctx, layout } = this;
    ctx.font = "11.5px " + FONT;
    this.noteBoxes = [];
    let box;
    for (const note of this.model.notes) {
      const y = layout.y(note.at);
      if (y < layout.top || y > layout.height || !filter.says(note.text)) continue;
      ctx.fillStyle = this.palette.of(isFailure(note.text) ? "lost" : "muted");
      for (let x = layout.left - 4; x < layout.right; x += 5) {
        ctx.fillRect(x, Math.round(y), 1.5, 1);
      }
      if (box !== undefined && y - box.y < 15) {
        box.notes.push(note);
        continue;
      }
      box = { y, notes: [note] };
      this.noteBoxes.push(box);
    }
    for (const each of this.noteBoxes) {
      // A failure must not hide behind a step.
      const said = each.notes.find(note => isFailure(note.text)) ?? each.notes[0];
      const more = each.notes.length > 1 ? " (+" + (each.notes.length - 1) + ")" : "";
      ctx.fillStyle = this.palette.of(isFailure(said.text) ? "lost" : "ink");
      const y = Math.min(layout.height - 8, Math.max(layout.top + 8, each.y));
      ctx.fillText(shorten(ctx, said.text, layout.notes - 14 - ctx.measureText(more).width) + more, layout.right + 6, y);
    }
  }

  cursor(selected) {
    if (selected === undefined) return;
    const { ctx, layout } = this;
    const y = layout.y(selected.at);
    ctx.fillStyle = this.palette.of("accent");
    ctx.fillRect(layout.left - 6, y - 0.5, layout.right - layout.left + 6, 1);
  }

  /** What is selected, above all else. */
  mark(selected, filter) {
    if (selected === undefined) return;
    const { ctx, layout } = this;
    const y = layout.y(selected.at);
    if (selected.message !== undefined && filter.servers[selected.message.from] && filter.servers[selected.message.to]) {
      this.messages.highlight(selected.message, layout);
    } else if (selected.server !== undefined && filter.servers[selected.server]) {
      ctx.strokeStyle = this.palette.of("select");
      ctx.lineWidth = 5;
      ctx.beginPath();
      ctx.arc(layout.x(selected.server), y, 14, 0, 2 * Math.PI);
      ctx.stroke();
      ctx.lineWidth = 1;
    }
    const text = timeText(selected.at, (layout.view.to - layout.view.from) / 10, "");
    ctx.font = "11px " + FONT;
    const width = ctx.measureText(text).width + 8;
    ctx.fillStyle = this.palette.of("accent");
    ctx.beginPath();
    ctx.roundRect(2, y - 8, Math.max(width, layout.left - 8), 16, 3);
    ctx.fill();
    ctx.fillStyle = this.palette.of("bg");
    ctx.fillText(text, 6, y + 0.5);
  }

  heads() {
    const { ctx, layout, messages } = this;
    ctx.fillStyle = this.palette.of("bg");
    ctx.fillRect(0, 0, layout.width, layout.top);
    ctx.fillStyle = this.palette.of("line");
    ctx.fillRect(0, layout.top - 1, layout.width, 1);
    ctx.textAlign = "center";
    ctx.font = "600 12.5px " + FONT;
    ctx.fillStyle = this.palette.of("ink");
    layout.servers.forEach(server => ctx.fillText((layout.column > 70 ? "server " : "") + server, layout.x(server), layout.top / 2));
    ctx.textAlign = "left";
    ctx.font = "11px " + FONT;
    ctx.fillStyle = this.palette.of("muted");
    if (messages.counted.length > 0) {
      const text = "bars: up to " + messages.highest + " sent per " + durationText(messages.step);
      ctx.fillText(shorten(ctx, text, layout.notes > 40 ? layout.notes - 12 : 0), layout.right + 6, layout.top / 2);
    }
  }

  /** What is at this place of the canvas: `{ event, text }`, both possibly missing. */
  at(x, y) {
    const { layout, model } = this;
    if (y < layout.top) return {};
    if (x > layout.right) {
      const box = this.noteBoxes.find(each => Math.abs(each.y - y) < 8);
      return box === undefined ? {} : {
        event: box.notes[0], text: box.notes.map(note => timeText(note.at, model.length / 100) + "  " + note.text).join("\n") };
    }
    const server = layout.serverAt(x);
    if (server >= 0) return { text: stateText(server, model.lanes[server].at(layout.time(y)), layout.time(y), layout.view) };
    const message = this.messages.messageAt(x, y);
    if (message !== undefined) return { event: model.events[message.sentEvent], text: messageText(model, message) };
    const bar = this.messages.barAt(x, y);
    return bar === undefined ? {} : { text: this.barText(bar) };
  }

  barText(bar) {
    const from = bar.slot * this.messages.step;
    const parts = STACK.filter(name => bar.counts[name] > 0).map(name => bar.counts[name] + " " + name).reverse();
    return "server " + bar.server + " sent " + bar.total + (bar.total === 1 ? " message" : " messages") + " in "
        + durationText(this.messages.step) + " from " + timeText(from, this.messages.step * 10) + "\n" + parts.join(", ") + "\nzoom in for arrows";
  }
}

const isFailure = text => /\b(fail|violat|broke|wrong)/i.test(text);

function messageText(model, message) {
  const fates = { delivered: "arrived after " + durationText(message.end - message.sent),
    lost: "lost after " + durationText(message.end - message.sent) + (message.why === "" ? "" : ": " + message.why),
    flying: "still under way at the end" };
  return model.kinds[message.kind] + " from " + message.from + " to " + message.to + "\n" + message.text + "\nsent at "
      + timeText(message.sent, 1e6) + ", " + fates[message.fate] + "\n" + numberText(message.bytes) + " bytes";
}

function stateText(server, state, time, view) {
  const role = !state.up ? (state.crashed ? "crashed" : "not started") : (state.role === "" ? "no role yet" : roleName(state.role) + " in term " + state.term)
      + (state.connected ? "" : ", cut off");
  return "server " + server + " at " + timeText(time, view.to - view.from) + "\n" + role
      + (state.up ? "\ncommitted " + state.commit + ", applied " + state.applied : "");
}

function shorten(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 0 && ctx.measureText(text.slice(0, length) + "…").width > width) length--;
  return length > 3 ? text.slice(0, length) + "…" : "";
}

// Gives the canvas as many pixels as the screen has; answers its size in those of CSS.
function sharpen(canvas, ctx) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, canvas.clientWidth);
  const height = Math.max(1, canvas.clientHeight);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height };
}
