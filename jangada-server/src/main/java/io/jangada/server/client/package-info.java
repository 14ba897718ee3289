/** The small client behind the command line: one call at a time, over to the next endpoint where that is safe. */
@NullMarked
package io.jangada.server.client;

import org.jspecify.annotations.NullMarked;
