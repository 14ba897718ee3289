/** Tests of the table of sessions, its bytes, and the client. */
@NullMarked
package io.jangada.session;

import org.jspecify.annotations.NullMarked;
