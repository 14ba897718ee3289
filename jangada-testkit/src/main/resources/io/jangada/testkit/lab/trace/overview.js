// The whole run in a strip: who led when, how much was sent, what was lost, and which part the diagram shows.
class Overview {
  constructor(canvas, model) {
    this.canvas = canvas;
    this.model = model;
    this.ctx = canvas.getContext("2d");
    this.margin = 6;
  }

  colours(palette) {
    this.palette = palette;
  }

  y(time) {
    return this.margin + time / this.model.length * (this.height - 2 * this.margin);
  }

  time(y) {
    return (y - this.margin) / (this.height - 2 * this.margin) * this.model.length;
  }

  draw(view, filter) {
    const { ctx, palette } = this;
    Object.assign(this, sharpen(this.canvas, ctx));
    ctx.fillStyle = palette.of("panel");
    ctx.fillRect(0, 0, this.width, this.height);
    const lane = Math.min(9, (this.width * 0.45) / this.model.servers);
    filter.visibleServers().forEach((server, i) => this.lane(this.model.lanes[server], 6 + i * lane, lane));
    const left = 12 + filter.visibleServers().length * lane;
    this.density(left, this.width - left - 6, filter);
    ctx.fillStyle = palette.of("ink");
    for (const note of this.model.notes) {
      ctx.fillStyle = palette.of(isFailure(note.text) ? "lost" : "muted");
      ctx.fillRect(this.width - 5, this.y(note.at) - 0.5, 5, 1.5);
    }
    this.window(view);
  }

  lane(lane, x, width) {
    const { ctx, palette } = this;
    for (const segment of lane.segments) {
      const leads = segment.up && segment.role === "LEADER";
      const stands = segment.up && segment.role === "CANDIDATE";
      const y = this.y(segment.at);
      const height = Math.max(1, Math.min(this.y(this.model.length), this.y(segment.until)) - y);
      if (segment.up) {
        ctx.globalAlpha = leads ? (segment.connected ? 1 : 0.6) : stands ? 0.6 : 0.18;
        ctx.fillStyle = palette.term(segment.term);
        ctx.fillRect(leads ? x : x + width * 0.3, y, leads ? width - 1 : width * 0.4, height);
      }
    }
    ctx.globalAlpha = 1;
    for (const life of lane.lives) {
      if (life.change === "CRASHED") cross(ctx, x + width / 2, this.y(life.at), 2.5, palette.of("lost"), 1.5);
    }
  }

  density(left, width, filter) {
    const { ctx, palette } = this;
    const rows = Math.max(1, Math.floor((this.height - 2 * this.margin) / 2));
    const routine = new Uint32Array(rows);
    const telling = new Uint32Array(rows);
    const lost = new Uint32Array(rows);
    let highest = 1;
    for (const message of this.model.messages) {
      if (!filter.message(message)) continue;
      const row = Math.min(rows - 1, Math.floor(message.sent / this.model.length * rows));
      const list = message.fate === "lost" ? lost : message.family === "election" || message.family === "snapshot" ? telling : routine;
      list[row]++;
      highest = Math.max(highest, routine[row] + telling[row] + lost[row]);
    }
    for (let row = 0; row < rows; row++) {
      let x = left;
      for (const [list, colour] of [[telling, "election"], [routine, "heartbeat"], [lost, "lost"]]) {
        if (list[row] > 0) {
          // A single message must not vanish beside a thousand.
          const length = Math.max(1.5, list[row] / highest * width);
          ctx.fillStyle = palette.of(colour);
          ctx.fillRect(x, this.margin + row * 2, length, 1.6);
          x += length;
        }
      }
    }
  }

  window(view) {
    const { ctx, palette } = this;
    const top = Math.max(1, this.y(view.from));
    const bottom = Math.min(this.height - 1, this.y(view.to));
    ctx.fillStyle = palette.of("bg");
    ctx.globalAlpha = 0.4;
    ctx.fillRect(0, 0, this.width, top);
    ctx.fillRect(0, bottom, this.width, this.height - bottom);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = palette.of("accent");
    ctx.lineWidth = 2;
    ctx.strokeRect(1, top, this.width - 2, Math.max(3, bottom - top));
    ctx.lineWidth = 1;
  }

  /** Which part of the window a drag takes hold of: "from", "to", "all", or "none" beside it. */
  grip(y, view) {
    const top = this.y(view.from);
    const bottom = this.y(view.to);
    if (bottom - top > 24) {
      if (Math.abs(y - top) < 6) return "from";
      if (Math.abs(y - bottom) < 6) return "to";
    }
    return y >= top - 6 && y <= bottom + 6 ? "all" : "none";
  }
}
