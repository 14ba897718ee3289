// The run: its events as objects, messages joined from their events, and the state of each server at every moment.
// Times are nanoseconds since the start of the run. The form of the rows is described in RunJson.java.

class Model {
  constructor(run) {
    this.run = run;
    this.servers = run.servers;
    this.kinds = run.kinds;
    this.families = run.kinds.map(familyOf);
    this.events = [];
    this.messages = [];
    this.notes = [];
    this.lanes = Array.from({ length: run.servers }, (unused, server) => new Lane(server, run.events));
    const byNumber = new Map();
    for (const row of run.events) {
      this.add(row, byNumber);
    }
    this.end = this.events.length > 0 ? this.events[this.events.length - 1].at : 0;
    // A run without time still needs a scale.
    this.length = Math.max(this.end, 1000);
    for (const message of this.messages) {
      if (message.fate === "flying") {
        message.end = this.end;
      }
    }
    this.lanes.forEach(lane => lane.close(this.end));
    this.index = new IntervalIndex(this.messages);
  }

  add(row, byNumber) {
    const event = { n: this.events.length, type: row[0], at: row[1] };
    switch (event.type) {
      case "s": {
        const message = {
          i: this.messages.length, number: row[2], sent: row[1], end: row[1], fate: "flying", from: row[3], to: row[4],
          kind: row[5], family: this.families[row[5]], reply: /(Response|Reply)$/.test(this.kinds[row[5]]),
          text: row[6], bytes: row[7], why: "", sentEvent: event.n,
        };
        event.message = message;
        byNumber.set(message.number, message);
        this.messages.push(message);
        break;
      }
      case "d":
      case "x": {
        const message = byNumber.get(row[2]);
        event.message = message;
        if (message !== undefined && message.fate === "flying") {
          message.fate = event.type === "d" ? "delivered" : "lost";
          message.end = row[1];
          message.why = event.type === "x" ? row[3] : "";
        }
        break;
      }
      case "n":
        event.text = row[2];
        this.notes.push(event);
        break;
      default:
        event.server = row[2];
        if (event.type === "r") {
          event.role = row[3];
          event.term = row[4];
        } else if (event.type === "p") {
          event.commit = row[3];
          event.applied = row[4];
        } else {
          event.change = row[3];
        }
        this.lanes[event.server].add(event);
    }
    this.events.push(event);
  }
}

// What a kind of message is about; decides its colour, and what is drawn first when there is no room for all.
function familyOf(kind) {
  if (/heartbeat/i.test(kind)) return "heartbeat";
  if (/vote|timeoutnow/i.test(kind)) return "election";
  if (/snapshot/i.test(kind)) return "snapshot";
  if (/append|commit/i.test(kind)) return "append";
  return "other";
}

// One server through time. Each state is whole, so that any moment can be shown without playing the run up to it.
class Lane {
  constructor(server, rows) {
    this.server = server;
    this.states = [];
    this.segments = [];
    this.progress = [];
    this.lives = [];
    // Without a word of its start a server runs from the beginning; the same holds for its connection.
    const life = rows.filter(row => row[0] === "l" && row[2] === server).map(row => row[3]);
    const first = (...changes) => life.find(change => changes.includes(change));
    this.push({
      n: -1, at: 0, role: "", term: 0, commit: 0, applied: 0, crashed: false,
      up: first("STARTED", "CRASHED") !== "STARTED", connected: first("CONNECTED", "DISCONNECTED") !== "CONNECTED",
    }, true);
  }

  add(event) {
    const state = { ...this.states[this.states.length - 1], n: event.n, at: event.at };
    if (event.type === "r") {
      state.role = event.role;
      state.term = event.term;
    } else if (event.type === "p") {
      this.progress.push({ at: event.at, commit: event.commit, applied: event.applied,
        committed: event.commit !== state.commit, n: event.n });
      state.commit = event.commit;
      state.applied = event.applied;
    } else {
      this.lives.push(event);
      if (event.change === "STARTED") {
        // Nobody knows more than the disk before the server says what it is.
        Object.assign(state, { up: true, role: "", commit: 0, applied: 0 });
      } else if (event.change === "CRASHED") {
        Object.assign(state, { up: false, crashed: true, role: "" });
      } else {
        state.connected = event.change === "CONNECTED";
      }
    }
    this.push(state, event.type !== "p");
  }

  push(state, visible) {
    this.states.push(state);
    if (visible) {
      this.segments.push(state);
    }
  }

  close(end) {
    this.segments.forEach((segment, i) => {
      segment.until = i + 1 < this.segments.length ? this.segments[i + 1].at : end;
    });
  }

  /** The state after the event with this number. */
  after(n) {
    return this.states[lastBefore(this.states, state => state.n <= n)];
  }

  /** The state at this time, after all that happened then. */
  at(time) {
    return this.states[Math.max(0, lastBefore(this.states, state => state.at <= time))];
  }
}

// The position of the last item for which this holds, in a list in which it holds for a beginning only; -1 if for none.
function lastBefore(list, holds) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle])) low = middle + 1; else high = middle;
  }
  return low - 1;
}

// Finds the messages that were under way in a span of time. They are in order of sending; each block of them knows its latest end,
// so that one message which took long does not make all queries walk back to the beginning.
class IntervalIndex {
  constructor(messages) {
    this.messages = messages;
    this.latest = [];
    messages.forEach((message, i) => {
      const block = i >> 6;
      this.latest[block] = Math.max(this.latest[block] ?? 0, message.end);
    });
  }

  each(from, to, visit) {
    const past = lastBefore(this.messages, message => message.sent <= to) + 1;
    for (let block = 0; block << 6 < past; block++) {
      if (this.latest[block] < from) continue;
      const stop = Math.min(past, (block + 1) << 6);
      for (let i = block << 6; i < stop; i++) {
        if (this.messages[i].end >= from) visit(this.messages[i]);
      }
    }
  }
}

const ROLE_NAMES = { LEADER: "leader", CANDIDATE: "candidate", PRE_CANDIDATE: "pre-candidate", FOLLOWER: "follower" };
const roleName = role => ROLE_NAMES[role] ?? role.toLowerCase();

// "1.234 s", with as many digits as a span of this length needs to tell its parts from each other.
function timeText(nanos, span, unit = " s") {
  const digits = Math.max(3, Math.min(9, 3 - Math.floor(Math.log10((span > 0 ? span : 1e9) / 1e9))));
  return (nanos / 1e9).toFixed(digits) + unit;
}

// How long something took, in the unit that reads best.
function durationText(nanos) {
  const [unit, name] = [[1e9, " s"], [1e6, " ms"], [1e3, " µs"]].find(([size]) => nanos >= size) ?? [1, " ns"];
  return String(Number((nanos / unit).toFixed(unit === 1e9 ? 3 : 2))) + name;
}

const numberText = number => number.toLocaleString("en-US");
