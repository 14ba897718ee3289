package io.jangada.server.config;

import java.util.List;

/** One member of the cluster as configured; {@code clientUrls} is empty where only the member itself knows them. */
public record MemberPlan(String name, HttpUrl peerUrl, List<HttpUrl> clientUrls) {}
