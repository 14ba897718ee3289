// The colours of the page as the canvases need them, and the patterns made from them.
class Palette {
  constructor(theme) {
    const dark = theme === "dark" || (theme === "" && window.matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    this.style = getComputedStyle(document.documentElement);
    this.cache = new Map();
  }

  of(name) {
    let colour = this.cache.get(name);
    if (colour === undefined) {
      colour = this.style.getPropertyValue("--" + name).trim();
      this.cache.set(name, colour);
    }
    return colour;
  }

  /** Terms that follow each other differ; five later the colours return. */
  term(term) {
    return term > 0 ? this.of("term-" + term % 5) : this.of("muted");
  }

  /** Diagonal stripes of a colour on the ground. */
  stripes(ctx, colour, spacing) {
    const key = "stripes " + colour + spacing;
    let pattern = this.cache.get(key);
    if (pattern === undefined) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = spacing;
      const t = tile.getContext("2d");
      t.fillStyle = this.of("bg");
      t.fillRect(0, 0, spacing, spacing);
      t.strokeStyle = colour;
      t.lineWidth = spacing / 3;
      t.beginPath();
      for (const shift of [-spacing, 0, spacing]) {
        t.moveTo(shift - 1, spacing + 1);
        t.lineTo(shift + spacing + 1, -1);
      }
      t.stroke();
      pattern = ctx.createPattern(tile, "repeat");
      this.cache.set(key, pattern);
    }
    return pattern;
  }
}
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
