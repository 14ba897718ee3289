/** The versions of keys: how they lie in an engine, how they are read, changed and forgotten. */
@NullMarked
package io.jangada.kv.mvcc;

import org.jspecify.annotations.NullMarked;
