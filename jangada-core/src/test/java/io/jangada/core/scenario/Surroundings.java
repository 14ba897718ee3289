package io.jangada.core.scenario;

import io.jangada.core.message.Message;

/** What a node of a scenario sees of the world. */
interface Surroundings {
    long now();

    void send(Message message);

    Transcript transcript();
}
