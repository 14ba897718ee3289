/** The members of the cluster: who they are and where they are reached. */
@NullMarked
package io.jangada.server.member;

import org.jspecify.annotations.NullMarked;
