/** One running server: its parts, their start and their end. */
@NullMarked
package io.jangada.server.run;

import org.jspecify.annotations.NullMarked;
