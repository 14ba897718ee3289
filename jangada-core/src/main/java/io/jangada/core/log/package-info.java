/** The log as the protocol sees it: terms, a tail of entries in memory, the ordered stream of writes. */
@NullMarked
package io.jangada.core.log;

import org.jspecify.annotations.NullMarked;
