// The lanes of the servers: width and pattern say the role, colour says the term.
const LANE_WIDTH = { LEADER: 16, CANDIDATE: 12, PRE_CANDIDATE: 10, FOLLOWER: 6 };
const CRASHED_WIDTH = 10;

const laneWidth = state => (state.up ? LANE_WIDTH[state.role] ?? 4 : CRASHED_WIDTH);

class LaneLayer {
  constructor(ctx, palette) {
    this.ctx = ctx;
    this.palette = palette;
  }

  draw(lane, layout) {
    const x = layout.x(lane.server);
    const { from, to } = layout.view;
    const first = Math.max(0, lastBefore(lane.segments, segment => segment.at <= from));
    for (let i = first; i < lane.segments.length && lane.segments[i].at <= to; i++) {
      const segment = lane.segments[i];
      const top = Math.max(layout.top - 20, layout.y(segment.at));
      const bottom = Math.min(layout.height + 20, layout.y(segment.until));
      // What lasted less than a pixel still gets one: it is why the reader zooms in.
      this.bar(segment, x, top, Math.max(1, bottom - top));
    }
  }

  bar(state, x, top, height) {
    const ctx = this.ctx;
    const width = laneWidth(state);
    const left = x - width / 2;
    const colour = this.palette.term(state.term);
    if (!state.up && !state.crashed) return;
    if (!state.up) {
      ctx.fillStyle = this.palette.stripes(ctx, this.palette.of("line"), 6);
      ctx.fillRect(left, top, width, height);
      ctx.strokeStyle = this.palette.of("line");
      ctx.setLineDash([4, 3]);
      ctx.strokeRect(left, top, width, height);
      ctx.setLineDash([]);
      return;
    }
    if (state.role === "LEADER") {
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, width, height);
    } else if (state.role === "CANDIDATE") {
      ctx.fillStyle = this.palette.stripes(ctx, colour, 6);
      ctx.fillRect(left, top, width, height);
    } else if (state.role === "PRE_CANDIDATE") {
      ctx.fillStyle = this.palette.of("bg");
      ctx.fillRect(left, top, width, height);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.strokeRect(left + 1, top, width - 2, height);
      ctx.lineWidth = 1;
    } else {
      ctx.fillStyle = this.palette.of("bg");
      ctx.fillRect(left, top, width, height);
      ctx.globalAlpha = state.term > 0 ? 0.5 : 0.3;
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, width, height);
      ctx.globalAlpha = 1;
    }
    if (!state.connected) {
      this.gaps(x, top, height);
    }
  }

  /** A server that is cut off has a broken lane. The gaps keep their places on the screen while the lane moves. */
  gaps(x, top, height) {
    this.ctx.fillStyle = this.palette.of("bg");
    for (let y = Math.ceil(top / 9) * 9; y < top + height - 2; y += 9) {
      this.ctx.fillRect(x - 10, y, 20, 4);
    }
  }

  /** Names what begins in each lane, the important first; the lane's state at the upper edge is named there. */
  labels(lanes, layout, places) {
    const wishes = [];
    for (const lane of lanes) {
      const first = Math.max(0, lastBefore(lane.segments, segment => segment.at <= layout.view.from));
      for (let i = first; i < lane.segments.length && lane.segments[i].at <= layout.view.to; i++) {
        const segment = lane.segments[i];
        const y = Math.max(layout.top + 9, layout.y(segment.at) + 2);
        const room = Math.min(layout.height, layout.y(segment.until)) - y;
        const changed = i === 0 || i === first || this.says(segment) !== this.says(lane.segments[i - 1]);
        if (changed && room > -8 && this.says(segment) !== "") {
          wishes.push({ segment, x: layout.x(lane.server), y, weight: this.weight(segment, i === first, room) });
        }
      }
    }
    wishes.sort((a, b) => a.weight - b.weight);
    wishes.slice(0, 400).forEach(wish => this.pill(wish, places));
  }

  says(state) {
    if (!state.up) return state.crashed ? "crashed" : "";
    const term = state.term > 0 ? " t" + state.term : "";
    const role = state.role === "" ? "" : roleName(state.role) + term;
    return role + (state.connected ? "" : (role === "" ? "" : ", ") + "cut off");
  }

  weight(state, atEdge, room) {
    // What was over at once must not take the place of what followed.
    if (room < 3 && state.up) return 8;
    if (state.role === "LEADER") return room > 12 ? 0 : 3;
    if (!state.up || !state.connected) return 1;
    if (atEdge && room > 12) return 2;
    return state.role === "CANDIDATE" ? 4 : state.role === "PRE_CANDIDATE" ? 5 : 6;
  }

  pill({ segment, x, y }, places) {
    const ctx = this.ctx;
    const text = this.says(segment);
    const leads = segment.up && segment.role === "LEADER";
    ctx.font = (leads ? "600 " : "") + "11px " + FONT;
    const width = ctx.measureText(text).width + 10;
    const left = x + 12;
    if (!places.take(left, y - 8, width, 16)) return;
    const colour = segment.up ? this.palette.term(segment.term) : this.palette.of("lost");
    ctx.fillStyle = this.palette.of("bg");
    ctx.beginPath();
    ctx.roundRect(left, y - 7.5, width, 15, 4);
    ctx.fill();
    ctx.strokeStyle = colour;
    ctx.lineWidth = leads ? 2 : 1;
    ctx.stroke();
    ctx.lineWidth = 1;
    ctx.fillStyle = segment.up ? this.palette.of("ink") : this.palette.of("lost");
    ctx.fillText(text, left + 5, y + 0.5);
  }

  /** A cross where a server crashed and a triangle where it started. */
  lives(lane, layout) {
    const ctx = this.ctx;
    const x = layout.x(lane.server);
    for (const life of lane.lives) {
      const y = layout.y(life.at);
      if (y < layout.top - 10 || y > layout.height + 10) continue;
      if (life.change === "CRASHED") {
        cross(ctx, x, y, 7, this.palette.of("bg"), 6);
        cross(ctx, x, y, 7, this.palette.of("lost"), 3);
      } else if (life.change === "STARTED") {
        ctx.fillStyle = this.palette.of("ink");
        ctx.beginPath();
        ctx.moveTo(x - 6, y - 2);
        ctx.lineTo(x + 6, y - 2);
        ctx.lineTo(x, y + 7);
        ctx.fill();
      }
    }
  }

  /**
   * Ticks beside the lane where commit (long) and applied (short) index grow, with numbers where there is room. Where they crowd, some are
   * left out, and a number every now and then must do. `side` is -1 for the left and 1 for the right.
   */
  progress(lane, layout, places, side) {
    const ctx = this.ctx;
    const x = layout.x(lane.server) + side * 10;
    ctx.font = "10.5px " + FONT;
    ctx.textAlign = side < 0 ? "right" : "left";
    const first = lastBefore(lane.progress, step => step.at < layout.view.from) + 1;
    const past = lastBefore(lane.progress, step => step.at <= layout.view.to) + 1;
    const crowded = past - first > layout.plot / 14;
    let lastTick = -Infinity;
    let lastText = -Infinity;
    for (let i = first; i < past; i++) {
      const step = lane.progress[i];
      const y = layout.y(step.at);
      if (y - lastTick < (crowded ? 5 : 1)) continue;
      const length = step.committed && !crowded ? 7 : 4;
      ctx.fillStyle = this.palette.of(step.committed && !crowded ? "ink" : "muted");
      ctx.fillRect(side < 0 ? x - length : x, y - 0.5, length, 1.2);
      lastTick = y;
      if (y - lastText < (crowded ? 44 : 11)) continue;
      const text = step.commit === step.applied ? "✓" + step.commit : "c" + step.commit + " a" + step.applied;
      const width = ctx.measureText(text).width;
      if (places.take(side < 0 ? x - 11 - width : x + 7, y - 6, width + 4, 12)) {
        halo(ctx, text, x + side * 9, y + 0.5, this.palette.of("bg"), this.palette.of("muted"));
        lastText = y;
      }
    }
    ctx.textAlign = "left";
  }
}

function cross(ctx, x, y, size, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
  ctx.stroke();
  ctx.lineWidth = 1;
}

// A text that stays legible on lines.
function halo(ctx, text, x, y, ground, colour) {
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = ground;
  ctx.strokeText(text, x, y);
  ctx.lineWidth = 1;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
