// The messages: arrows where there is room for them, else bars that count what each server sent in a short time.

// From the first to be counted instead of drawn to the last.
const FAMILIES = ["heartbeat", "append", "other", "snapshot", "election"];
// In bars, from the lane outwards.
const STACK = ["election", "snapshot", "other", "append", "heartbeat", "lost"];
const BAR_PIXELS = 4;

class MessageLayer {
  constructor(ctx, palette, model) {
    this.ctx = ctx;
    this.palette = palette;
    this.model = model;
  }

  /** Decides what is drawn how. Leaves the answer in the fields `shown`, `arrows`, `bars` and `counted`. */
  sort(layout, filter, view) {
    const { from, to } = layout.view;
    const byFamily = new Map(FAMILIES.map(family => [family, []]));
    this.shown = 0;
    this.model.index.each(from, to, message => {
      if (filter.message(message)) {
        byFamily.get(message.family).push(message);
        this.shown++;
      }
    });
    const room = layout.plot * Math.max(1, layout.servers.length - 1) / 6;
    const weigh = list => list.length * (view.dim && list.length > 0 && list[0].family === "heartbeat" ? 0.4 : 1);
    let weight = [...byFamily.values()].reduce((sum, list) => sum + weigh(list), 0);
    this.weight = weight;
    this.counted = [];
    this.arrows = [];
    let bars = [];
    for (const family of FAMILIES) {
      const list = byFamily.get(family);
      if (weight > room && !view.arrows && list.length > 0) {
        weight -= weigh(list);
        this.counted.push(family);
        bars = bars.concat(list);
      } else {
        this.arrows = this.arrows.concat(list);
      }
    }
    this.crowded = Math.min(1, weight / room);
    this.stack(bars, layout, filter);
  }

  // Counts are kept per server and per step of time that does not depend on the view, so that bars do not flicker in moving.
  stack(messages, layout) {
    this.bars = new Map();
    this.highest = 1;
    this.step = niceStep((layout.view.to - layout.view.from) / layout.plot * BAR_PIXELS);
    for (const message of messages) {
      const slot = Math.floor(message.sent / this.step);
      const key = message.from + " " + slot;
      let bar = this.bars.get(key);
      if (bar === undefined) {
        bar = { server: message.from, slot, total: 0, counts: Object.fromEntries(STACK.map(name => [name, 0])) };
        this.bars.set(key, bar);
      }
      bar.counts[message.fate === "lost" ? "lost" : message.family]++;
      bar.total++;
      this.highest = Math.max(this.highest, bar.total);
    }
  }

  drawBars(layout, view) {
    const ctx = this.ctx;
    const length = Math.min(160, layout.column * 0.55);
    for (const bar of this.bars.values()) {
      let left = layout.x(bar.server) + 10;
      bar.x = left;
      bar.y = layout.y(bar.slot * this.step);
      bar.height = Math.max(1, layout.y((bar.slot + 1) * this.step) - bar.y);
      bar.width = Math.max(3, bar.total / this.highest * length);
      for (const name of STACK) {
        const width = bar.counts[name] / bar.total * bar.width;
        if (width > 0) {
          ctx.globalAlpha = name === "heartbeat" && view.dim ? 0.35 : 0.75;
          ctx.fillStyle = this.palette.of(name);
          ctx.fillRect(left, bar.y, width, Math.max(1, bar.height - 0.8));
          left += width;
        }
      }
    }
    ctx.globalAlpha = 1;
  }

  /** Strokes all arrows of one look at once: it is fast, and lines that cross do not darken each other. */
  drawArrows(layout, view) {
    const looks = new Map();
    this.arrows.forEach(message => {
      const dim = view.dim && message.family === "heartbeat";
      const key = message.family + message.reply + message.fate + dim;
      if (!looks.has(key)) looks.set(key, { message, dim, list: [] });
      looks.get(key).list.push(message);
    });
    const order = [...looks.values()].sort((a, b) => FAMILIES.indexOf(a.message.family) - FAMILIES.indexOf(b.message.family));
    this.geometry = [];
    for (const look of order) {
      const lines = look.list.map(message => this.shape(message, layout));
      this.geometry = this.geometry.concat(lines);
      this.look(look, lines);
    }
    for (const line of this.geometry) {
      if (line.message.fate === "lost") {
        cross(this.ctx, line.x1, line.y1, this.crowded > 0.5 ? 3 : 4, this.palette.of("lost"), 1.8);
      }
    }
  }

  look({ message, dim }, lines) {
    const ctx = this.ctx;
    const thin = this.crowded > 0.6;
    ctx.globalAlpha = dim ? 0.3 : message.reply ? (thin ? 0.45 : 0.7) : (thin ? 0.7 : 0.95);
    ctx.strokeStyle = ctx.fillStyle = this.palette.of(message.family);
    ctx.lineWidth = message.reply || dim ? 1 : thin ? 1.1 : 1.5;
    ctx.setLineDash(message.fate === "delivered" ? [] : message.fate === "lost" ? [5, 3] : [1.5, 3]);
    ctx.beginPath();
    lines.forEach(line => trace(ctx, line));
    ctx.stroke();
    ctx.setLineDash([]);
    if (message.fate === "delivered") {
      ctx.beginPath();
      lines.forEach(line => head(ctx, line, thin ? 5 : 7, message.reply));
      if (message.reply) ctx.stroke(); else ctx.fill();
    }
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1;
  }

  /** A line from lane to lane. Flat ones are bent a little, to their own right, so that a reply does not lie on its request. */
  shape(message, layout) {
    const xa = layout.x(message.from);
    const xb = layout.x(message.to);
    const side = Math.sign(xb - xa) || 1;
    const columns = Math.max(1, Math.abs(xb - xa) / layout.column);
    const whole = xb - xa - side * 16;
    // Nobody knows where on its way it was lost, so the cross stands before the one who misses it.
    const reach = message.fate === "delivered" ? 1 : 1 - 0.36 / columns;
    const line = { message, x0: xa + side * 7, y0: layout.y(message.sent), y1: layout.y(message.end) };
    line.x1 = message.from === message.to ? line.x0 : line.x0 + whole * reach + (reach === 1 ? side * 1 : 0);
    const flat = Math.max(0, 1 - Math.abs(line.y1 - line.y0) / (10 * columns));
    const bend = (side > 0 ? -1 : 1) * flat * (2 + 5 * columns);
    line.cx = message.from === message.to ? line.x0 + 50 : (line.x0 + line.x1) / 2;
    line.cy = (line.y0 + line.y1) / 2 + bend;
    return line;
  }

  /** The side of a lane where fewer arrows begin and end: -1 for the left, 1 for the right, where bars are. */
  freeSide(x) {
    let right = this.bars.size > 0 ? 1e9 : 0;
    for (const line of this.geometry) {
      if (Math.abs(line.x0 - x) < 12) right += Math.sign(line.x0 - x);
      if (Math.abs(line.x1 - x) < 12) right += Math.sign(line.x1 - x);
    }
    return right < 0 ? 1 : -1;
  }

  /** Writes what the messages say along their lines, the telling ones first, where there is room. */
  labels(layout, view, places) {
    if (this.arrows.length > 260 || layout.column < 110) return;
    const weight = message => FAMILIES.length - FAMILIES.indexOf(message.family) + (message.reply ? 0.5 : 0)
        - (message.fate === "lost" ? 1 : 0);
    const lines = this.geometry.filter(line => !(view.dim && line.message.family === "heartbeat" && this.arrows.length > 40))
        .sort((a, b) => weight(a.message) - weight(b.message));
    this.ctx.font = "10.5px " + FONT;
    this.ctx.textAlign = "center";
    lines.forEach(line => this.label(line, layout, places));
    this.ctx.textAlign = "left";
  }

  label(line, layout, places) {
    const ctx = this.ctx;
    const span = Math.abs(line.x1 - line.x0);
    const room = Math.min(span, layout.column) - 20;
    const said = line.message.text || this.model.kinds[line.message.kind];
    // The term is the first that can go: the lane shows it too.
    const text = [said, said.replace(/^t\d+ /, "")].find(each => ctx.measureText(each).width <= room);
    if (text === undefined) return;
    const width = ctx.measureText(text).width;
    const angle = Math.atan2(line.y1 - line.y0, line.x1 - line.x0);
    const tilt = Math.abs(angle) > Math.PI / 2 ? angle - Math.sign(angle) * Math.PI : angle;
    if (Math.abs(tilt) > 0.9) return;
    // In the middle of the gap beside the sender, else beside the receiver.
    for (const share of span > layout.column ? [layout.column / 2 / span, 1 - layout.column / 2 / span] : [0.5]) {
      const x = line.x0 + (line.x1 - line.x0) * share;
      // Flat lines to the left are bent downwards, so their words stand below.
      const below = line.x1 < line.x0 && Math.abs(line.y1 - line.y0) < 6;
      const y = along(line.y0, line.cy, line.y1, share) + (below ? 7 : -6);
      const wide = width * Math.cos(tilt);
      const high = width * Math.abs(Math.sin(tilt)) + 10;
      if (y > layout.top + 4 && places.take(x - wide / 2, y - high / 2, wide, high)) {
        ctx.save();
        ctx.translate(x, y);
        ctx.rotate(tilt);
        halo(ctx, text, 0, 0, this.palette.of("bg"), this.palette.of(line.message.fate === "lost" ? "lost" : line.message.family));
        ctx.restore();
        return;
      }
    }
  }

  /** One message above all others. */
  highlight(message, layout) {
    const ctx = this.ctx;
    const line = this.shape(message, layout);
    for (const [colour, width] of [["select", 9], [message.fate === "lost" ? "lost" : message.family, 2.2]]) {
      ctx.strokeStyle = ctx.fillStyle = this.palette.of(colour);
      ctx.lineWidth = width;
      ctx.lineCap = "round";
      ctx.beginPath();
      trace(ctx, line);
      ctx.stroke();
      ctx.lineCap = "butt";
    }
    if (message.fate === "delivered") {
      ctx.beginPath();
      head(ctx, line, 9, false);
      ctx.fill();
    } else if (message.fate === "lost") {
      cross(ctx, line.x1, line.y1, 5, this.palette.of("lost"), 2.5);
    }
    ctx.lineWidth = 1;
  }

  /** The arrow nearest to this place, if one is near. */
  messageAt(x, y) {
    let best;
    let least = 7;
    for (const line of this.geometry) {
      for (let i = 0; i < 8; i++) {
        const distance = toSegment(x, y, point(line, i / 8), point(line, (i + 1) / 8));
        if (distance < least) {
          least = distance;
          best = line.message;
        }
      }
    }
    return best;
  }

  barAt(x, y) {
    for (const bar of this.bars.values()) {
      if (x >= bar.x - 2 && x <= bar.x + bar.width + 4 && y >= bar.y && y < bar.y + bar.height) return bar;
    }
    return undefined;
  }
}

const along = (a, control, b, share) => (1 - share) * (1 - share) * a + 2 * share * (1 - share) * control + share * share * b;
const point = (line, share) => [along(line.x0, line.cx, line.x1, share), along(line.y0, line.cy, line.y1, share)];

function trace(ctx, line) {
  ctx.moveTo(line.x0, line.y0);
  ctx.quadraticCurveTo(line.cx, line.cy, line.x1, line.y1);
}

function head(ctx, line, size, open) {
  const angle = Math.atan2(line.y1 - line.cy, line.x1 - line.cx);
  const corner = turn => [line.x1 - size * Math.cos(angle + turn), line.y1 - size * Math.sin(angle + turn)];
  ctx.moveTo(...corner(0.4));
  ctx.lineTo(line.x1, line.y1);
  ctx.lineTo(...corner(-0.4));
  if (!open) ctx.closePath();
}

function toSegment(x, y, [ax, ay], [bx, by]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}
