package io.jangada.transport;

import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A receiver that keeps everything, for a test to take. */
final class Recorder implements MessageReceiver {
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connected> connected = new LinkedBlockingQueue<>();

    /** A peer, and what it has said of its data folder. */
    record Connected(NodeId peer, long incarnation) {}

    @Override
    public void receive(Message message) {
        messages.add(message);
    }

    @Override
    public void peerConnected(NodeId peer, long incarnation) {
        connected.add(new Connected(peer, incarnation));
    }

    Message nextMessage() throws InterruptedException {
        return taken("message", messages.poll(10, TimeUnit.SECONDS));
    }

    NodeId nextConnected() throws InterruptedException {
        return next().peer();
    }

    Connected next() throws InterruptedException {
        return taken("connection", connected.poll(10, TimeUnit.SECONDS));
    }

    int waiting() {
        return messages.size();
    }

    private static <T> T taken(String what, @Nullable T value) {
        if (value == null) {
            throw new AssertionError("no " + what + " within 10 s");
        }
        return value;
    }
}
