/** What monitoring reads: the figures of this member under the names of Prometheus. */
@NullMarked
package io.jangada.server.metrics;

import org.jspecify.annotations.NullMarked;
