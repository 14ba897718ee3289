/** Real processes on loopback: etcd, clusters of our own server, and how they end. */
@NullMarked
package io.jangada.verify.process;

import org.jspecify.annotations.NullMarked;
