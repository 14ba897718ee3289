/** The store: start with {@code KeyValueStore}. */
@NullMarked
package io.jangada.kv;

import org.jspecify.annotations.NullMarked;
