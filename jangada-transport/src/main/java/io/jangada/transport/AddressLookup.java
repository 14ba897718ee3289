package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns host names into addresses, anew each time, without holding up the network threads: a name server that does not answer blocks
 * only a thread of its own. At most one look-up per peer is under way, which bounds the threads.
 */
final class AddressLookup {

    /** Takes the outcome of a look-up, on whatever thread. */
    interface Answer {
        /** Exactly one of both is given: addresses, at least one, or why there are none. */
        void accept(List<InetAddress> addresses, @Nullable String failure);
    }

    private final ThreadPoolExecutor executor;

    AddressLookup(NodeId self) {
        executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "jangada-" + self + "-lookup");
            thread.setDaemon(true);
            return thread;
        });
    }

    void resolve(InetSocketAddress address, Answer answer) {
        String host = address.getHostString();
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            answerNow(host, literal, answer);
            return;
        }
        try {
            executor.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException e) {
            answer.accept(List.of(), "the transport is closed");
        }
    }

    private static void answerNow(String host, byte[] literal, Answer answer) {
        try {
            answer.accept(List.of(InetAddress.getByAddress(host, literal)), null);
        } catch (UnknownHostException e) {
            answer.accept(List.of(), "'" + host + "' is not an address");
        }
    }

    private static void lookUp(String host, Answer answer) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            answer.accept(List.of(), "host name '" + host + "' cannot be resolved");
            return;
        }
        answer.accept(addresses, null);
    }

    /** Ends idle threads; one that still waits for a name server ends with it and keeps no process alive. */
    void close() {
        executor.shutdownNow();
    }
}
