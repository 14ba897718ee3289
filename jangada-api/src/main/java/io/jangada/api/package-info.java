/** What users call and implement: the node, the state machine, status. */
@NullMarked
package io.jangada.api;

import org.jspecify.annotations.NullMarked;
