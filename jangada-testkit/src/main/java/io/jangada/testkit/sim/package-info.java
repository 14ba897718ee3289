/** The deterministic simulator: real nodes on a simulated clock, network and disk, from one seed. */
@NullMarked
package io.jangada.testkit.sim;

import org.jspecify.annotations.NullMarked;
