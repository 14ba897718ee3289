/** Tests of whole nodes: real log, real sockets, real threads, in one process. */
@NullMarked
package io.jangada;

import org.jspecify.annotations.NullMarked;
