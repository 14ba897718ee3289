/** How a leader proves that it still leads, and the reads that wait for the proof. */
@NullMarked
package io.jangada.core.read;

import org.jspecify.annotations.NullMarked;
