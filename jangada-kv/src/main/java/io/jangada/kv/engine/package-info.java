/** The port to whatever keeps ordered bytes, and its two implementations: RocksDB on disk, a persistent tree in memory. */
@NullMarked
package io.jangada.kv.engine;

import org.jspecify.annotations.NullMarked;
