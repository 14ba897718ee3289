/** Faults for real sockets between real processes. */
@NullMarked
package io.jangada.testkit.net;

import org.jspecify.annotations.NullMarked;
