package io.jangada.core.step;

/** What a role must answer: one method for each event, none with a default, so that a new event breaks the build. */
public interface EventHandler {

    void onTick(Event.Tick event);

    void onPropose(Event.Propose event);

    void onRead(Event.Read event);

    void onPersisted(Event.Persisted event);

    void onLoaded(Event.Loaded event);

    void onPeerConnected(Event.PeerConnected event);
}
