/** Runs the text scenarios of {@code src/test/resources/scenarios}: several real cores, their disks, clocks and network, driven by commands in a file. */
@NullMarked
package io.jangada.core.scenario;

import org.jspecify.annotations.NullMarked;
