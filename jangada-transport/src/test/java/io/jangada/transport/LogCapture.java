package io.jangada.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Collects the log lines of one test, and fails it if one of them reports a leaked buffer, or carries an exception without a message, or is an
 * error that the test has not announced.
 */
final class LogCapture implements BeforeEachCallback, AfterEachCallback {

    private static final class Collector extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
        private final LinkedBlockingQueue<String> unread = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
            unread.add(line(event));
            synchronized (unread) {
                unread.notifyAll();
            }
        }
    }

    private Collector collector = new Collector();
    private boolean errorsExpected;

    @Override
    public void beforeEach(ExtensionContext context) {
        collector = new Collector();
        errorsExpected = false;
        collector.start();
        root().addAppender(collector);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        reportLeaks();
        root().detachAppender(collector);
        for (ILoggingEvent event : collector.events) {
            String line = line(event);
            assertThat(line).doesNotContain("LEAK");
            assertThat(event.getFormattedMessage()).isNotBlank();
            for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) {
                assertThat(t.getMessage()).as(line).isNotBlank();
            }
            if (!errorsExpected) {
                assertThat(event.getLevel()).as(line).isNotEqualTo(Level.ERROR);
            }
        }
    }

    void expectErrors() {
        errorsExpected = true;
    }

    /** All lines so far, "LEVEL text". */
    List<String> lines() {
        return collector.events.stream().map(LogCapture::line).toList();
    }

    /** The next line, written or to be written, that contains the text. Lines before it are read. */
    String await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            String line = collector.unread.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no log line with '" + text + "' in " + lines());
            }
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Waits until there is a line, read or not, with both texts. */
    void awaitAny(String text, String other) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        synchronized (collector.unread) {
            while (lines().stream().noneMatch(line -> line.contains(text) && line.contains(other))) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("no log line with '" + text + "' and '" + other + "' in " + lines());
                }
                collector.unread.wait(millis);
            }
        }
    }

    /** Netty reports a leaked buffer when it creates another one after the garbage collector has found the leak. */
    private static void reportLeaks() {
        System.gc();
        for (int i = 0; i < 100; i++) {
            ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(16);
            buffer.release();
        }
    }

    private static String line(ILoggingEvent event) {
        return event.getLevel() + " " + event.getFormattedMessage();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
