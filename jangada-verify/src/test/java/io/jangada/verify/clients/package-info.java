/** Clients that were written for etcd, as their users run them, against real processes of ours. */
@NullMarked
package io.jangada.verify.clients;

import org.jspecify.annotations.NullMarked;
