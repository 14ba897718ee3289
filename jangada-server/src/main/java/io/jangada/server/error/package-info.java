/** How requests of clients fail: status code and text, to the letter what clients of the etcd API expect. */
@NullMarked
package io.jangada.server.error;

import org.jspecify.annotations.NullMarked;
