package io.jangada.server.member;

import io.jangada.core.model.NodeId;
import io.jangada.server.config.HttpUrl;
import java.util.List;

/** One member of the cluster, as member lists show it. */
public record Member(NodeId id, String name, HttpUrl peerUrl, List<HttpUrl> clientUrls) {}
