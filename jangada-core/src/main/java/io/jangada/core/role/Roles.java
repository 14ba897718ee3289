package io.jangada.core.role;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.log.RaftLog;
import io.jangada.core.membership.MembershipLog;
import io.jangada.core.message.Message;
import io.jangada.core.model.Damage;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;

/** The roles of one node behind one door: begins and ends each step, and shows the present role to the façade. */
public final class Roles {
    private final Context context;
    private final Transitions transitions;
    private final TermGate gate;
    private long applicableTold;

    public Roles(RaftConfig config, Recovered recovered, long seed, long nowNanos) {
        this.context = new Context(config, recovered, seed, nowNanos);
        this.transitions = new Transitions(context);
        this.gate = new TermGate(context, transitions);
        this.applicableTold = context.log.commitIndex();
    }

    public void step(Event event, long nowNanos, Effects effects) {
        if (context.isStopped()) {
            return;
        }
        context.beginStep(nowNanos, effects);
        if (event instanceof Event.Persisted persisted) {
            context.writes.persisted(persisted.sequence());
        }
        event.accept(transitions.role());
        endStep(effects);
    }

    public void receive(Message message, long nowNanos, Effects effects) {
        if (context.isStopped()) {
            return;
        }
        context.beginStep(nowNanos, effects);
        gate.receive(message);
        endStep(effects);
    }

    private void endStep(Effects effects) {
        context.endStep();
        SnapshotMeta install = effects.install();
        if (install != null) {
            // What the snapshot covers is in the state when it is installed, and is not applied again.
            applicableTold = install.index();
        }
        long applicable = context.log.applicableIndex();
        if (applicable > applicableTold) {
            applicableTold = applicable;
            effects.applyTo(applicable);
        }
    }

    public RoleName name() {
        return transitions.role().name();
    }

    public NodeId leader() {
        return transitions.role().leader();
    }

    public long deadlineNanos() {
        return context.repairs.asking().nextDeadlineNanos(transitions.role().deadlineNanos());
    }

    /** What is missing since the disk was damaged. */
    public Damage damage() {
        return context.repairs.asking().damage();
    }

    public HardState hardState() {
        return context.hardState();
    }

    /** The memberships that the log and the snapshot hold. */
    public MembershipLog memberships() {
        return context.memberships;
    }

    /** How far this leader has brought each of the others; empty without leadership. */
    public List<PeerProgress> progress(long nowNanos) {
        return transitions.role() instanceof Leader leader ? leader.progress(nowNanos) : List.of();
    }

    public RaftLog log() {
        return context.log;
    }

    /** Messages dropped because they were not for this node or not from a member of its group. */
    public long ignoredMessages() {
        return gate.ignored();
    }
}
