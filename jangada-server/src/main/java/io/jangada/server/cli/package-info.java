/** The command line. */
@NullMarked
package io.jangada.server.cli;

import org.jspecify.annotations.NullMarked;
