/** A cluster of three server processes on this machine, watched over by their parent. */
@NullMarked
package io.jangada.server.dev;

import org.jspecify.annotations.NullMarked;
