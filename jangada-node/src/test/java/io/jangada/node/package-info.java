/** Tests of the node on tiny local fakes of its ports. */
@NullMarked
package io.jangada.node;

import org.jspecify.annotations.NullMarked;
