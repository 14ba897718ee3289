/** Requests, responses and the words of the multi-version store; the meaning of each field is that of etcd's v3 API. */
@NullMarked
package io.jangada.kv.model;

import org.jspecify.annotations.NullMarked;
