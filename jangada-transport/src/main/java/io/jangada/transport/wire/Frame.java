package io.jangada.transport.wire;

import io.jangada.core.message.Message;

/** A message that came in, and the number of the group it is for. */
public record Frame(long group, Message message) {}
