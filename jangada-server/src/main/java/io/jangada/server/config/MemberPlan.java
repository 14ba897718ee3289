package io.jangada.server.config;

/** One member of the cluster as configured: what all of those that start it know of each other. */
public record MemberPlan(String name, HttpUrl peerUrl) {}
