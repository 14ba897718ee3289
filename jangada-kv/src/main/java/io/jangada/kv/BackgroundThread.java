package io.jangada.kv;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread that exists only while there is something to do. */
final class BackgroundThread implements Executor, AutoCloseable {
    private final ThreadPoolExecutor pool;

    BackgroundThread(String name) {
        pool = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(16), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Takes no more tasks; what is under way ends by itself. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
