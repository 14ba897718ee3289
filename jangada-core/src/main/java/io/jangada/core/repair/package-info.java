/** Repair of a damaged log from other members: who is asked for the entries of a gap, and who may answer. */
@NullMarked
package io.jangada.core.repair;

import org.jspecify.annotations.NullMarked;
