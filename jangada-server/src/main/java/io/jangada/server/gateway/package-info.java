/** Between clients and the node: waiting out elections, deadlines, limits. */
@NullMarked
package io.jangada.server.gateway;

import org.jspecify.annotations.NullMarked;
