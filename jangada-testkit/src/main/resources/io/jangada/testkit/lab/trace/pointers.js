// Mouse, pen and fingers on the diagram: drag moves, two fingers or the wheel zoom, a click selects, resting shows what is there.
class DiagramPointer {
  constructor(page) {
    this.page = page;
    this.canvas = element("diagram");
    this.down = new Map();
    const on = (name, how, options) => this.canvas.addEventListener(name, how, options);
    on("wheel", event => this.wheel(event), { passive: false });
    on("pointerdown", event => this.press(event));
    on("pointermove", event => this.moved(event));
    on("pointerup", event => this.release(event));
    on("pointercancel", event => this.down.delete(event.pointerId));
    on("pointerleave", () => { element("tip").hidden = true; });
    on("dblclick", event => page.zoom(0.25, page.diagram.layout.time(event.offsetY)));
  }

  wheel(event) {
    event.preventDefault();
    const { page } = this;
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    if (event.shiftKey) {
      page.move((pixels || event.deltaX) / page.diagram.layout.plot);
    } else {
      // Pinching a touchpad comes as a wheel with Ctrl and small steps.
      page.zoom(Math.exp(Math.max(-250, Math.min(250, pixels)) * (event.ctrlKey ? 0.01 : 0.0018)), page.diagram.layout.time(event.offsetY));
    }
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, event.offsetY);
    this.travelled = 0;
    this.start = event.offsetY;
  }

  moved(event) {
    if (!this.down.has(event.pointerId)) {
      this.hover(event);
      return;
    }
    const { page } = this;
    const before = [...this.down.values()];
    const last = this.down.get(event.pointerId);
    this.down.set(event.pointerId, event.offsetY);
    this.travelled = Math.max(this.travelled, Math.abs(event.offsetY - this.start));
    element("tip").hidden = true;
    if (this.down.size === 2) {
      const now = [...this.down.values()];
      const gap = Math.max(20, Math.abs(now[0] - now[1]));
      page.zoom(Math.max(20, Math.abs(before[0] - before[1])) / gap, page.diagram.layout.time((now[0] + now[1]) / 2));
    } else if (this.travelled > 4) {
      this.canvas.classList.add("dragging");
      page.move((last - event.offsetY) / page.diagram.layout.plot);
    }
  }

  release(event) {
    this.down.delete(event.pointerId);
    this.canvas.classList.remove("dragging");
    if (this.travelled <= 4 && event.offsetY > this.page.diagram.layout.top) {
      this.page.select(this.page.diagram.at(event.offsetX, event.offsetY).event);
    }
  }

  hover(event) {
    const tip = element("tip");
    const found = this.page.diagram.at(event.offsetX, event.offsetY);
    tip.hidden = found.text === undefined;
    this.canvas.classList.toggle("pointing", found.event !== undefined);
    if (found.text === undefined) return;
    tip.textContent = found.text;
    const x = event.offsetX + 16 + tip.offsetWidth > this.canvas.clientWidth ? event.offsetX - tip.offsetWidth - 12 : event.offsetX + 16;
    tip.style.left = Math.max(4, x) + "px";
    tip.style.top = Math.max(4, Math.min(event.offsetY + 14, this.canvas.clientHeight - tip.offsetHeight - 8)) + "px";
  }
}

// The window in the overview: drag it, or one of its edges; a press beside it takes it there; the wheel zooms.
class OverviewPointer {
  constructor(page) {
    this.page = page;
    const canvas = element("overview");
    canvas.addEventListener("pointerdown", event => {
      canvas.setPointerCapture(event.pointerId);
      this.grip = page.overview.grip(event.offsetY, page.view);
      this.last = page.overview.time(event.offsetY);
      if (this.grip === "none") {
        const half = (page.view.to - page.view.from) / 2;
        page.look({ from: this.last - half, to: this.last + half });
        this.grip = "all";
      }
    });
    canvas.addEventListener("pointermove", event => this.drag(event));
    canvas.addEventListener("pointerup", () => { this.grip = undefined; });
    canvas.addEventListener("pointercancel", () => { this.grip = undefined; });
    canvas.addEventListener("wheel", event => {
      event.preventDefault();
      page.zoom(event.deltaY > 0 ? 1.25 : 0.8, page.overview.time(event.offsetY));
    }, { passive: false });
  }

  drag(event) {
    const { page } = this;
    if (this.grip === undefined) {
      const grip = page.overview.grip(event.offsetY, page.view);
      event.target.style.cursor = grip === "all" ? "grab" : grip === "none" ? "pointer" : "ns-resize";
      return;
    }
    const now = page.overview.time(event.offsetY);
    const { from, to } = page.view;
    if (this.grip === "from") page.look({ from: Math.min(now, to - MIN_SPAN), to });
    else if (this.grip === "to") page.look({ from, to: Math.max(now, from + MIN_SPAN) });
    else page.look({ from: from + now - this.last, to: to + now - this.last });
    this.last = now;
  }
}
