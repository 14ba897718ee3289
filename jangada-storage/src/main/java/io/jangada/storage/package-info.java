/** The segmented write-ahead log of a node: one ordered, checksummed stream of terms, votes, truncations and entries. */
@NullMarked
package io.jangada.storage;

import org.jspecify.annotations.NullMarked;
