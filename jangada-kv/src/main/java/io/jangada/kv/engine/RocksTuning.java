package io.jangada.kv.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/**
 * How RocksDB is set up: at most about 64 MiB of native memory for one store (two write buffers of 16 MiB and a cache of 32 MiB that also
 * holds indexes and filters), so that three nodes fit on a small machine.
 */
final class RocksTuning implements AutoCloseable {
    private static final long CACHE_BYTES = 32L << 20;
    /** Four shards: with the default, 64 for this size, filters drive each other out of half a MiB, and a put costs five times as much. */
    private static final int CACHE_SHARD_BITS = 2;
    /** The part of the cache that data may not take from indexes and filters. */
    private static final double INDEX_SHARE = 0.6;

    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    private static final long LOG_FILE_BYTES = 1L << 20;

    private final LRUCache cache;
    private final BloomFilter filter;
    private final Options options;

    private RocksTuning(LRUCache cache, BloomFilter filter, Options options) {
        this.cache = cache;
        this.filter = filter;
        this.options = options;
    }

    static RocksTuning create() {
        RocksDB.loadLibrary();
        LRUCache cache = new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS, false, INDEX_SHARE);
        BloomFilter filter = new BloomFilter(10);
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(8 << 10)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(filter);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setTargetFileSizeBase(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxOpenFiles(256)
                .setMaxBackgroundJobs(2)
                // A failed write stops the node; RocksDB must not try again behind its back.
                .setMaxBgErrorResumeCount(0)
                .setParanoidChecks(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
        return new RocksTuning(cache, filter, options);
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        filter.close();
        cache.close();
    }
}
