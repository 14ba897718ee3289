package io.jangada.core.step;

/** What a role must answer: one method for each event, none with a default, so that a new event breaks the build. */
public interface EventHandler {

    void onTick(Event.Tick event);

    void onPropose(Event.Propose event);

    void onRead(Event.Read event);

    void onPersisted(Event.Persisted event);

    void onLoaded(Event.Loaded event);

    void onPeerConnected(Event.PeerConnected event);

    void onLeaseRead(Event.LeaseRead event);

    void onChangeMembership(Event.ChangeMembership event);

    void onTransfer(Event.Transfer event);

    void onAbortTransfer(Event.AbortTransfer event);

    void onStepDown(Event.StepDown event);

    void onSnapshotTaken(Event.SnapshotTaken event);

    void onChunkRead(Event.ChunkRead event);

    void onChunkStaged(Event.ChunkStaged event);

    void onReadForRepair(Event.ReadForRepair event);
}
