/** A disk in memory that keeps only what it has to: unsynchronised bytes and names are lost, torn or kept as a test says. */
@NullMarked
package io.jangada.testkit.disk;

import org.jspecify.annotations.NullMarked;
