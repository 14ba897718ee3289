// Where times and servers are on the canvas.
class Layout {
  constructor(width, height, view, servers, hasNotes) {
    this.width = width;
    this.height = height;
    this.view = view;
    this.servers = servers;
    this.top = 30;
    this.left = 74;
    this.plot = Math.max(1, height - this.top);
    this.notes = hasNotes ? Math.min(230, Math.max(90, width * 0.2)) : 12;
    this.right = width - this.notes;
    this.column = Math.max(1, (this.right - this.left) / Math.max(1, servers.length));
    this.position = new Map(servers.map((server, i) => [server, i]));
  }

  x(server) {
    return this.left + (this.position.get(server) + 0.5) * this.column;
  }

  y(time) {
    return this.top + (time - this.view.from) / (this.view.to - this.view.from) * this.plot;
  }

  time(y) {
    return this.view.from + (y - this.top) / this.plot * (this.view.to - this.view.from);
  }

  /** The server whose lane is at this place, or -1. */
  serverAt(x) {
    const i = Math.round((x - this.left) / this.column - 0.5);
    return i >= 0 && i < this.servers.length && Math.abs(x - this.x(this.servers[i])) < 10 ? this.servers[i] : -1;
  }
}

// A step of 1, 2 or 5 times a power of ten that is not below this.
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find(factor => factor * power >= least * 0.999999) ?? 10);
}

// Keeps texts from being written over each other: a place is taken once.
class Places {
  constructor() {
    this.rows = new Map();
  }

  /** Takes the rectangle if it is free; says whether it was. */
  take(x, y, width, height) {
    const first = Math.floor(y / 32);
    const last = Math.floor((y + height) / 32);
    for (let row = first; row <= last; row++) {
      for (const r of this.rows.get(row) ?? []) {
        if (x < r.x + r.width && r.x < x + width && y < r.y + r.height && r.y < y + height) return false;
      }
    }
    for (let row = first; row <= last; row++) {
      if (!this.rows.has(row)) this.rows.set(row, []);
      this.rows.get(row).push({ x, y, width, height });
    }
    return true;
  }
}
