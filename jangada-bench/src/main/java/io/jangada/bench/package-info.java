/** Benchmarks, run by hand: what they print depends on the machine, so they are no tests. */
@NullMarked
package io.jangada.bench;

import org.jspecify.annotations.NullMarked;
