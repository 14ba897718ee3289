// Which messages and events the reader wants to see.
class Filter {
  constructor(model) {
    this.model = model;
    this.passing = new Uint8Array(model.messages.length);
    this.reset();
  }

  reset() {
    this.servers = this.model.lanes.map(() => true);
    this.kinds = this.model.kinds.map(() => true);
    this.lost = false;
    this.text = "";
    this.update();
  }

  /** Must follow every change of the fields. */
  update() {
    this.words = this.text.toLowerCase().split(/\s+/).filter(word => word !== "");
    this.matching = 0;
    for (const message of this.model.messages) {
      const passes = this.kinds[message.kind] && this.servers[message.from] && this.servers[message.to]
          && (!this.lost || message.fate === "lost")
          && this.says(this.model.kinds[message.kind] + " " + message.text + " " + message.why);
      this.passing[message.i] = passes ? 1 : 0;
      this.matching += passes ? 1 : 0;
    }
  }

  message(message) {
    return this.passing[message.i] === 1;
  }

  says(text) {
    const lower = this.words.length > 0 ? text.toLowerCase() : "";
    return this.words.every(word => lower.includes(word));
  }

  /** Whether stepping stops at this event. A search, or the wish for lost messages, leaves out what is no message. */
  event(event) {
    if (event.type === "s" || event.type === "d" || event.type === "x") {
      return event.message !== undefined && this.message(event.message);
    }
    if (this.lost) return false;
    if (event.type === "n") return this.says(event.text);
    return this.servers[event.server] && this.words.length === 0;
  }

  /** The columns that are shown, from left to right. */
  visibleServers() {
    return this.model.lanes.map(lane => lane.server).filter(server => this.servers[server]);
  }
}
